using System;
using System.Text;
using System.Text.Json;

namespace Bpf.Loader.Btf;

/// <summary>
/// Shows the bytes of a value by its type, as JSON or as short text: structs with the names of their members, arrays of
/// <c>char</c> as strings, enums by name, pointers in hexadecimal. Data that are too short are shown as far as they go, and said
/// to be truncated. Numbers have the byte order of the BTF.
/// </summary>
/// <remarks>
/// An array of unknown length at the end of a struct takes all data that are left. In JSON, 64-bit numbers are numbers;
/// pointers and 128-bit numbers are strings in hexadecimal; what is missing is <c>null</c>, and every object with something
/// missing has a member <c>_truncated</c>.
/// </remarks>
public sealed class BtfValueFormatter
{
    private static readonly BtfValueFormatOptions Default = new();

    private readonly BtfReader _btf;
    private readonly BtfValueFormatOptions _options;

    /// <summary>Makes a formatter for the types of a BTF. It keeps nothing, and may be used by several threads.</summary>
    public BtfValueFormatter(BtfReader btf, BtfValueFormatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(btf);
        _btf = btf;
        _options = options ?? Default;
    }

    /// <summary>Writes a value as JSON.</summary>
    /// <returns>False when something was left out: the data are too short, or one of the limits was reached.</returns>
    public bool WriteJson(Utf8JsonWriter writer, BtfTypeId id, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new BtfValueWalker<BtfJsonSink>(_btf, new BtfJsonSink(writer), _options).Value(id, data);
    }

    /// <summary>Appends a value as text, as in <c>{pid=12, comm="bash"}</c>.</summary>
    /// <returns>False when something was left out: the data are too short, or one of the limits was reached.</returns>
    public bool Append(StringBuilder text, BtfTypeId id, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new BtfValueWalker<BtfTextSink>(_btf, new BtfTextSink(text), _options).Value(id, data);
    }

    /// <summary>A value as text, as in <c>{pid=12, comm="bash"}</c>.</summary>
    public string Format(BtfTypeId id, ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        Append(text, id, data);
        return text.ToString();
    }
}
