using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using Google.Protobuf;

namespace Bpf.Loader.Symbols.Profiles;

/// <summary>
/// Writes the format of pprof, a compressed message of https://github.com/google/pprof/blob/main/proto/profile.proto, whose fields are here
/// by their numbers.
/// </summary>
internal sealed class PprofWriter : IDisposable
{
    private readonly List<string> _texts = [""];
    private readonly Dictionary<string, int> _textIndex = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<string, ulong> _mappings = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string, string), ulong> _functions = [];
    private readonly Dictionary<(ulong, ulong, ulong), ulong> _locations = [];
    private readonly MemoryStream _buffer = new();
    private readonly CodedOutputStream _output;

    private PprofWriter(Stream to) => _output = new CodedOutputStream(to, leaveOpen: true);

    public static void Write(StackProfile profile, Stream to)
    {
        using var compressed = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true);
        using var writer = new PprofWriter(compressed);
        writer.Write(profile);
        writer._output.Flush();
    }

    public void Dispose()
    {
        _output.Dispose();
        _buffer.Dispose();
    }

    private void Write(StackProfile profile)
    {
        bool hasTime = profile.Period > TimeSpan.Zero;
        Message(1, type => ValueType(type, profile.ValueName, profile.Unit));
        if (hasTime) Message(1, type => ValueType(type, "cpu", "nanoseconds"));
        long period = profile.Period.Ticks * 100;
        foreach ((CallStack stack, long count) in profile.Stacks) WriteSample(stack, hasTime ? [count, count * period] : [count]);

        // The tables are known when all samples are written; a reader takes fields in any order.
        foreach ((string module, ulong id) in _mappings) WriteMapping(module, id);
        foreach (((ulong mapping, ulong address, ulong function), ulong id) in _locations) WriteLocation(id, mapping, address, function);
        foreach (((string name, string raw, string file), ulong id) in _functions) WriteFunction(id, name, raw, file);
        Number(_output, 9, profile.Start.ToUnixTimeMilliseconds() * 1_000_000);
        Number(_output, 10, profile.Duration.Ticks * 100);
        if (hasTime)
        {
            Message(11, type => ValueType(type, "cpu", "nanoseconds"));
            Number(_output, 12, period);
        }

        Number(_output, 13, Text(profile.Title));
        foreach (string text in _texts)
        {
            _output.WriteTag(6, WireFormat.WireType.LengthDelimited);
            _output.WriteString(text);
        }
    }

    // pprof has the innermost first.
    private void WriteSample(CallStack stack, long[] values)
    {
        List<ulong> locations = [];
        for (int i = stack.Frames.Count - 1; i >= 0; i--) locations.Add(LocationOf(stack.Frames[i]));
        Message(2, sample =>
        {
            Packed(sample, 1, locations);
            Packed(sample, 2, Array.ConvertAll(values, value => (ulong)value));
            if (stack.ProcessId == 0) return;
            using var label = new MemoryStream();
            using var fields = new CodedOutputStream(label);
            Number(fields, 1, Text("pid"));
            Number(fields, 3, stack.ProcessId);
            fields.Flush();
            Bytes(sample, 3, label);
        });
    }

    private ulong LocationOf(in CallFrame frame)
    {
        Symbol symbol = frame.Symbol;
        ulong mapping = 0;
        if (symbol.Module.Length > 0)
        {
            string key = $"{symbol.Module}\n{symbol.BuildId}";
            if (!_mappings.TryGetValue(key, out mapping)) _mappings.Add(key, mapping = (ulong)_mappings.Count + 1);
        }

        (string, string, string) name = (frame.ToString(), symbol.RawName, symbol.Module);
        if (!_functions.TryGetValue(name, out ulong function)) _functions.Add(name, function = (ulong)_functions.Count + 1);
        (ulong, ulong, ulong) place = (mapping, frame.Address, function);
        if (!_locations.TryGetValue(place, out ulong location)) _locations.Add(place, location = (ulong)_locations.Count + 1);
        return location;
    }

    private void WriteMapping(string key, ulong id)
    {
        string[] parts = key.Split('\n');
        Message(3, mapping =>
        {
            Number(mapping, 1, (long)id);
            Number(mapping, 5, Text(parts[0]));
            Number(mapping, 6, Text(parts[^1]));
            Number(mapping, 7, 1); // has_functions: pprof need not look for names itself
        });
    }

    private void WriteLocation(ulong id, ulong mapping, ulong address, ulong function) => Message(4, location =>
    {
        Number(location, 1, (long)id);
        Number(location, 2, (long)mapping);
        Number(location, 3, (long)address);
        using var line = new MemoryStream();
        using var fields = new CodedOutputStream(line);
        Number(fields, 1, (long)function);
        fields.Flush();
        Bytes(location, 4, line);
    });

    private void WriteFunction(ulong id, string name, string raw, string file) => Message(5, function =>
    {
        Number(function, 1, (long)id);
        Number(function, 2, Text(name));
        Number(function, 3, Text(raw));
        Number(function, 4, Text(file));
    });

    private void ValueType(CodedOutputStream to, string type, string unit)
    {
        Number(to, 1, Text(type));
        Number(to, 2, Text(unit));
    }

    private int Text(string text)
    {
        if (_textIndex.TryGetValue(text, out int index)) return index;
        _textIndex.Add(text, index = _texts.Count);
        _texts.Add(text);
        return index;
    }

    private void Message(int field, Action<CodedOutputStream> write)
    {
        _buffer.SetLength(0);
        using var message = new CodedOutputStream(_buffer, leaveOpen: true);
        write(message);
        message.Flush();
        Bytes(_output, field, _buffer);
    }

    private static void Bytes(CodedOutputStream to, int field, MemoryStream bytes)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteBytes(ByteString.CopyFrom(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    // A number of 0 is what a field has that is not there.
    private static void Number(CodedOutputStream to, int field, long value)
    {
        if (value == 0) return;
        to.WriteTag(field, WireFormat.WireType.Varint);
        to.WriteInt64(value);
    }

    private static void Packed(CodedOutputStream to, int field, IReadOnlyCollection<ulong> values)
    {
        using var numbers = new MemoryStream();
        using var fields = new CodedOutputStream(numbers);
        foreach (ulong value in values) fields.WriteUInt64(value);
        fields.Flush();
        Bytes(to, field, numbers);
    }
}
