using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>
/// Makes objects of values, of the few types that logs and traces have for them: integers are <see cref="long"/> (<see cref="ulong"/>
/// where that is too small), and what else JSON says by strings are strings.
/// </summary>
internal sealed class BtfObjectSink : IBtfValueSink
{
    private List<object?>? _elements;
    private byte[]? _bytes;

    /// <summary>The value; null when it was missing.</summary>
    public object? Result { get; private set; }

    public void BeginObject() => throw new InvalidOperationException("A struct is no single value.");

    public void EndObject(bool isTruncated) => throw new InvalidOperationException("A struct is no single value.");

    public void Name(ReadOnlySpan<byte> utf8) => throw new InvalidOperationException("A struct is no single value.");

    public void BeginArray() => _elements = _elements is null ? [] : throw new InvalidOperationException("An array of arrays is no single value.");

    public void EndArray(uint omitted)
    {
        List<object?> elements = _elements!;
        _elements = null;
        Result = _bytes is not null ? _bytes
            : elements.TrueForAll(element => element is long) ? elements.Cast<long>().ToArray()
            : elements.TrueForAll(element => element is bool) ? elements.Cast<bool>().ToArray()
            : elements.TrueForAll(element => element is double) ? elements.Cast<double>().ToArray()
            : elements.Select(element => Convert.ToString(element, CultureInfo.InvariantCulture)).ToArray();
    }

    public void Signed(long value) => Add(value);

    public void Unsigned(ulong value)
    {
        if (value <= long.MaxValue) Add((long)value);
        else Add(value);
    }

    public void Wide(UInt128 value) => Add(string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"));

    public void Boolean(bool value) => Add(value);

    public void Character(byte value) => Add((long)value);

    public void Float(double value) => Add(value);

    // Not a cast: 0.1f is to be 0.1, and not 0.10000000149011612.
    public void Single(float value) => Add(double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    public void Pointer(ulong value) => Add(string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"));

    public void Symbol(ReadOnlySpan<byte> utf8) => Add(Encoding.UTF8.GetString(utf8));

    public void Text(ReadOnlySpan<byte> bytes) => Add(Encoding.UTF8.GetString(bytes));

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public void Address(ReadOnlySpan<byte> bytes) => Add(new IPAddress(bytes).ToString());

    public void Missing() => Add(null);

    private void Add(object? value)
    {
        if (_elements is null) Result = value;
        else _elements.Add(value);
    }
}
