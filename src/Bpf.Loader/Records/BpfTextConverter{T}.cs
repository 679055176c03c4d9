using System;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bpf.Loader.Records;

/// <summary>Writes an array of characters as a JSON string up to its first NUL, and reads it. Bytes that are no UTF-8 become U+FFFD.</summary>
/// <typeparam name="T">The array.</typeparam>
public sealed class BpfTextConverter<T> : JsonConverter<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">It is no string, or too long for the array.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        T array = default;
        Btf.BtfJsonReader.Text(ref reader, MemoryMarshal.AsBytes(new Span<T>(ref array)), "the text");
        return array;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        new Btf.BtfJsonSink(writer).Text(BpfText.Trim(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))));
}
