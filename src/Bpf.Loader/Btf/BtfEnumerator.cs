using System;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>A named value of an enum.</summary>
public readonly struct BtfEnumerator
{
    private readonly BtfReader _reader;
    private readonly uint _name;

    internal BtfEnumerator(BtfReader reader, uint name, long value)
    {
        _reader = reader;
        _name = name;
        Value = value;
    }

    /// <summary>The name, UTF-8.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _reader.GetStringUtf8(_name);

    /// <summary>The name.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    internal uint NameOffset => _name;

    /// <summary>
    /// The value: sign-extended for a 32-bit enum, the 64 bits as they are for a 64-bit one. Whether it is meant as signed is
    /// the kind flag of the type.
    /// </summary>
    public long Value { get; }
}
