using System;
using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Output;

namespace Bpf.Tool.Maps;

/// <summary>Shows the keys and values of a map: by their types where the map's BTF says them, as bytes otherwise.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MapEntryFormatter(BpfMap map)
{
    private readonly BtfValueFormatter? _formatter = map.Btf is { } btf ? new BtfValueFormatter(btf) : null;
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    private bool HasKeyType => _formatter is not null && !map.KeyType.IsVoid;

    private bool HasValueType => _formatter is not null && !map.ValueType.IsVoid;

    /// <summary>A key for people.</summary>
    public string Key(ReadOnlySpan<byte> key) => Text(HasKeyType, map.KeyType, key);

    /// <summary>A value for people; values of all CPUs in brackets.</summary>
    public string Value(ReadOnlySpan<byte> value)
    {
        if (map.Type.HoldsMaps() || map.Type.HoldsPrograms())
            return string.Create(CultureInfo.InvariantCulture, $"{(map.Type.HoldsMaps() ? "map" : "program")} {Number(value)}");
        if (!map.Type.HasValuePerCpu())
            return Text(HasValueType, map.ValueType, value);
        int stride = (map.ValueSize + 7) & ~7;
        var text = new StringBuilder("[");
        for (int at = 0; at < value.Length; at += stride)
            text.Append(at == 0 ? "" : ", ").Append(Text(HasValueType, map.ValueType, value.Slice(at, map.ValueSize)));
        return text.Append(']').ToString();
    }

    /// <summary>Writes a key for programs, under a name that says whether it is typed.</summary>
    public void WriteKey(Utf8JsonWriter json, ReadOnlySpan<byte> key, string name = "key") => Write(json, name, HasKeyType, map.KeyType, key);

    /// <summary>Writes a value for programs.</summary>
    public void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        if (map.Type.HoldsMaps() || map.Type.HoldsPrograms())
        {
            json.WriteNumber(map.Type.HoldsMaps() ? "inner_map_id" : "prog_id", Number(value));
            return;
        }

        if (!map.Type.HasValuePerCpu())
        {
            Write(json, "value", HasValueType, map.ValueType, value);
            return;
        }

        int stride = (map.ValueSize + 7) & ~7;
        json.WriteStartArray("values");
        for (int cpu = 0; cpu * stride < value.Length; cpu++)
        {
            json.WriteStartObject();
            json.WriteNumber("cpu", cpu);
            Write(json, "value", HasValueType, map.ValueType, value.Slice(cpu * stride, map.ValueSize));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static uint Number(ReadOnlySpan<byte> value) => MemoryMarshal.Read<uint>(value);

    private string Text(bool isTyped, BtfTypeId type, ReadOnlySpan<byte> bytes)
    {
        if (!isTyped)
            return Bytes(bytes);
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, JsonLines.Options))
            _formatter!.WriteJson(json, type, bytes);
        return Printable.Text(SpacedJson.Of(_buffer.WrittenSpan));
    }

    private void Write(Utf8JsonWriter json, string name, bool isTyped, BtfTypeId type, ReadOnlySpan<byte> bytes)
    {
        if (!isTyped)
        {
            json.WriteString($"{name}_hex", Convert.ToHexStringLower(bytes));
            return;
        }

        json.WritePropertyName(name);
        _formatter!.WriteJson(json, type, bytes);
    }

    private static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 3);
        foreach (byte one in bytes)
            text.Append(text.Length == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{one:x2}");
        return text.ToString();
    }
}
