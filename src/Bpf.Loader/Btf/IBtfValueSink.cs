using System;

namespace Bpf.Loader.Btf;

/// <summary>Takes a value piece by piece, as <see cref="BtfValueWalker{TSink}"/> finds it.</summary>
internal interface IBtfValueSink
{
    void BeginObject();

    /// <summary>Ends an object; part of it may have been beyond the end of the data.</summary>
    void EndObject(bool isTruncated);

    /// <summary>Names the next member.</summary>
    void Name(ReadOnlySpan<byte> utf8);

    void BeginArray();

    /// <summary>Ends an array of which some elements were left out.</summary>
    void EndArray(uint omitted);

    void Signed(long value);

    void Unsigned(ulong value);

    void Wide(UInt128 value);

    void Boolean(bool value);

    void Character(byte value);

    void Float(double value);

    void Single(float value);

    void Pointer(ulong value);

    /// <summary>The name of an enumerator.</summary>
    void Symbol(ReadOnlySpan<byte> utf8);

    /// <summary>An array of characters up to its first NUL.</summary>
    void Text(ReadOnlySpan<byte> bytes);

    /// <summary>An array of bytes, or a value of a type that has no better form.</summary>
    void Bytes(ReadOnlySpan<byte> bytes);

    /// <summary>An IP address, in network order.</summary>
    void Address(ReadOnlySpan<byte> bytes);

    /// <summary>A value that is beyond the end of the data, too deep, or of a type without values.</summary>
    void Missing();
}
