using System;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>A member of a struct or union.</summary>
public readonly struct BtfMember
{
    private readonly BtfReader _reader;
    private readonly uint _name;

    internal BtfMember(BtfReader reader, uint name, BtfTypeId type, uint offset, bool hasBitField)
    {
        _reader = reader;
        _name = name;
        TypeId = type;

        // With the kind flag, the upper 8 bits are the width of a bit-field (Linux 4.20).
        BitOffset = hasBitField ? offset & 0xffffff : offset;
        BitFieldSize = hasBitField ? (int)(offset >> 24) : 0;
    }

    /// <summary>The name, UTF-8; empty for an anonymous member.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _reader.GetStringUtf8(_name);

    /// <summary>The name; empty for an anonymous member.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    internal uint NameOffset => _name;

    /// <summary>True when the member has no name, and its own members are reached directly.</summary>
    public bool IsAnonymous => _reader.IsEmptyString(_name);

    /// <summary>True when the name is the given one, UTF-8; quicker than comparing <see cref="NameUtf8"/>.</summary>
    internal bool NameEquals(ReadOnlySpan<byte> name) => _reader.StringEquals(_name, name);

    /// <summary>The type.</summary>
    public BtfTypeId TypeId { get; }

    /// <summary>Where it begins, in bits from the start of its struct.</summary>
    public uint BitOffset { get; }

    /// <summary>The width of a bit-field, in bits; 0 for an ordinary member.</summary>
    public int BitFieldSize { get; }
}
