using System;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bpf.Loader.Btf;

/// <summary>Writes values as JSON. What JSON cannot say (pointers, 128 bits, infinity) becomes a string.</summary>
internal readonly struct BtfJsonSink(Utf8JsonWriter writer) : IBtfValueSink
{
    public void BeginObject() => writer.WriteStartObject();

    public void EndObject(bool isTruncated)
    {
        if (isTruncated) writer.WriteBoolean("_truncated"u8, true);
        writer.WriteEndObject();
    }

    public void Name(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8)) writer.WritePropertyName(utf8);
        else writer.WritePropertyName(Encoding.UTF8.GetString(utf8));
    }

    public void BeginArray() => writer.WriteStartArray();

    public void EndArray(uint omitted) => writer.WriteEndArray();

    public void Signed(long value) => writer.WriteNumberValue(value);

    public void Unsigned(ulong value) => writer.WriteNumberValue(value);

    public void Wide(UInt128 value) => Quoted(value, "0x"u8, "x");

    public void Boolean(bool value) => writer.WriteBooleanValue(value);

    public void Character(byte value) => writer.WriteNumberValue(value);

    public void Float(double value)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else Quoted(value, [], []);
    }

    public void Single(float value)
    {
        if (float.IsFinite(value)) writer.WriteNumberValue(value);
        else Quoted(value, [], []);
    }

    public void Pointer(ulong value) => Quoted(value, "0x"u8, "x");

    public void Symbol(ReadOnlySpan<byte> utf8) => Text(utf8);

    public void Text(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) writer.WriteStringValue(bytes);
        else writer.WriteStringValue(Encoding.UTF8.GetString(bytes));
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) writer.WriteNumberValue(b);
    }

    public void Address(ReadOnlySpan<byte> bytes) => Quoted(new IPAddress(bytes), [], []);

    public void Missing() => writer.WriteNullValue();

    /// <summary>Writes a number as a short string, without allocating.</summary>
    private void Quoted<T>(T value, ReadOnlySpan<byte> prefix, ReadOnlySpan<char> format) where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[80];
        prefix.CopyTo(text);
        value.TryFormat(text[prefix.Length..], out int length, format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..(prefix.Length + length)]);
    }
}
