using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bpf.Loader.Records;

/// <summary>
/// Writes a struct of C as JSON, as <c>bpf run --json</c> does, and reads it: an object of its members by their names in C. No
/// reflection is used.
/// </summary>
/// <remarks>
/// Texts end at their first NUL; pointers and 128-bit numbers are strings in hexadecimal; enums are names, or numbers where there is no
/// name. Of a union all members are written, and all are read. Padding is neither. What is left out when it is read is zero.
/// </remarks>
/// <typeparam name="T">The struct.</typeparam>
public sealed class BpfRecordConverter<T> : JsonConverter<T>
    where T : unmanaged, IBpfRecord<T>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">It is no value of the type, or has a member that the type has not, and the options refuse such.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return T.RecordType.ReadJson<T>(ref reader, options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => T.RecordType.WriteJson(writer, in value);
}
