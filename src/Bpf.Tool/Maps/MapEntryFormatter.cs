using System;
using System.Buffers;
using System.Buffers.Text;
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
    private const int MaximumDigits = 10; // of 32 bits

    // What is shown is what the command takes again, and what scripts for bpftool read.
    private static readonly BtfValueFormatOptions AsBpftool = new() { ShowsNetworkTypes = false };

    private readonly BtfValueFormatter? _formatter = map.Btf is { } btf ? new BtfValueFormatter(btf, AsBpftool) : null;
    private readonly ArrayBufferWriter<byte> _text = new(256), _json = new(256);
    private Utf8JsonWriter? _writer;

    private bool HasKeyType => _formatter is not null && !map.KeyType.IsVoid;

    private bool HasValueType => _formatter is not null && !map.ValueType.IsVoid;

    /// <summary>A key for people.</summary>
    public string Key(ReadOnlySpan<byte> key)
    {
        _text.ResetWrittenCount();
        WriteKey(_text, key);
        return Printable.Text(Encoding.UTF8.GetString(_text.WrittenSpan));
    }

    /// <summary>A value for people; values of all CPUs in brackets.</summary>
    public string Value(ReadOnlySpan<byte> value)
    {
        _text.ResetWrittenCount();
        WriteValue(_text, value);
        return Printable.Text(Encoding.UTF8.GetString(_text.WrittenSpan));
    }

    /// <summary>Writes a key for people, in UTF-8, as it is: control characters in it are not escaped.</summary>
    public void WriteKey(IBufferWriter<byte> text, ReadOnlySpan<byte> key) => WriteText(text, HasKeyType, map.KeyType, key);

    /// <summary>Writes a value for people, in UTF-8, as it is.</summary>
    public void WriteValue(IBufferWriter<byte> text, ReadOnlySpan<byte> value)
    {
        if (map.Type.HoldsMaps() || map.Type.HoldsPrograms())
        {
            text.Write(map.Type.HoldsMaps() ? "map "u8 : "program "u8);
            Utf8Formatter.TryFormat(Number(value), text.GetSpan(MaximumDigits), out int digits);
            text.Advance(digits);
            return;
        }

        if (!map.Type.HasValuePerCpu())
        {
            WriteText(text, HasValueType, map.ValueType, value);
            return;
        }

        int stride = (map.ValueSize + 7) & ~7;
        text.Write("["u8);
        for (int at = 0; at < value.Length; at += stride)
        {
            if (at > 0) text.Write(", "u8);
            WriteText(text, HasValueType, map.ValueType, value.Slice(at, map.ValueSize));
        }

        text.Write("]"u8);
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

    private void WriteText(IBufferWriter<byte> text, bool isTyped, BtfTypeId type, ReadOnlySpan<byte> bytes)
    {
        if (!isTyped)
        {
            WriteBytes(text, bytes);
            return;
        }

        _json.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_json, JsonLines.Options);
        _writer.Reset();
        _formatter!.WriteJson(_writer, type, bytes);
        _writer.Flush();
        SpacedJson.Write(text, _json.WrittenSpan);
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

    private static void WriteBytes(IBufferWriter<byte> text, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        int length = (bytes.Length * 3) - 1;
        Span<byte> digits = text.GetSpan(length);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i > 0) digits[(i * 3) - 1] = (byte)' ';
            digits[i * 3] = "0123456789abcdef"u8[bytes[i] >> 4];
            digits[(i * 3) + 1] = "0123456789abcdef"u8[bytes[i] & 15];
        }

        text.Advance(length);
    }
}
