using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Btf;

/// <summary>
/// Decodes the bytes of a value by its type. Whatever type and data say, it ends: nesting, elements and the number of all
/// pieces are limited, and what does not fit is left out and said to be.
/// </summary>
internal ref struct BtfValueWalker<TSink>(BtfReader btf, TSink sink, BtfValueFormatOptions options)
    where TSink : IBtfValueSink
{
    private readonly bool _isBigEndian = btf.IsBigEndian;
    private readonly BtfNetworkTags? _network = options.ShowsNetworkTypes ? btf.NetworkTags : null;
    private int _budget = options.MaximumPieces;
    private TSink _sink = sink;

    /// <summary>Decodes a value.</summary>
    /// <returns>False when something was left out.</returns>
    public bool Value(BtfTypeId id, scoped ReadOnlySpan<byte> data) => Value(id, data, BtfNetworkType.None, options.MaximumDepth, isLast: true);

    /// <summary>Decodes a member that was found before.</summary>
    public void Leaf(BtfLeaf leaf, scoped ReadOnlySpan<byte> data)
    {
        if (leaf.BitFieldSize != 0) Number(btf[leaf.TypeId], Bits(data, (uint)leaf.BitOffset, leaf.BitFieldSize), leaf.BitFieldSize);
        else Value(leaf.TypeId, data[(int)(leaf.BitOffset / 8)..], leaf.Network, options.MaximumDepth, isLast: false);
    }

    /// <param name="id">The type.</param>
    /// <param name="data">The bytes from the value on, to the end of what there is.</param>
    /// <param name="network">What its declaration says it is on the wire; otherwise its type does.</param>
    /// <param name="depth">How deep the nesting may still go.</param>
    /// <param name="isLast">True when nothing follows the value, so that a flexible array takes the rest.</param>
    private bool Value(BtfTypeId id, scoped ReadOnlySpan<byte> data, BtfNetworkType network, int depth, bool isLast)
    {
        if (depth == 0 || --_budget < 0 || !Resolve(ref id, ref network)) return Missing();
        BtfType type = btf[id];
        if (network != BtfNetworkType.None && Network(type, network, data)) return true;
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                _sink.BeginObject();
                bool isWhole = Members(type, data, depth, isLast);
                _sink.EndObject(!isWhole);
                return isWhole;
            case BtfKind.DataSection:
                return Section(type, data, depth);
            case BtfKind.Array:
                return Array(type.Array, data, network, depth, isLast);
        }

        if (!btf.TryGetSize(id, out uint size) || size > 16 || size > (uint)data.Length) return Missing();
        data = data[..(int)size];
        switch (type.Kind)
        {
            case BtfKind.Int when type.IntBits != size * 8 && type.IntBits + type.IntBitOffset <= size * 8:
                // Before bit-fields had a width of their own, they were integers with fewer bits than their size.
                Number(type, Bits(data, (uint)type.IntBitOffset, type.IntBits), type.IntBits);
                return true;
            case BtfKind.Int or BtfKind.Enum or BtfKind.Enum64:
                Number(type, Bits(data, 0, (int)size * 8), (int)size * 8);
                return true;
            case BtfKind.Pointer:
                _sink.Pointer((ulong)Bits(data, 0, (int)size * 8));
                return true;
            case BtfKind.Float:
                Float(data);
                return true;
            default:
                return Missing();
        }
    }

    private bool Members(BtfType type, scoped ReadOnlySpan<byte> data, int depth, bool isLast)
    {
        bool isWhole = true;
        BtfMemberCollection members = type.Members;
        for (int i = 0; i < members.Count; i++)
        {
            if (--_budget < 0) return false;
            BtfMember member = members[i];
            BtfTypeId id = member.TypeId;
            bool ends = isLast && i == members.Count - 1;
            uint start = member.BitOffset / 8;
            int width = member.BitFieldSize;
            BtfNetworkType network = _network is null ? BtfNetworkType.None : _network.OfMember(type.Id, i);
            if (!Resolve(ref id, ref network))
            {
                isWhole = false;
            }
            else if (member.IsAnonymous)
            {
                // The members of an anonymous one are reached directly, as in C; other members without a name are padding.
                if (!btf[id].IsComposite) continue;
                isWhole &= depth > 1 && start <= (uint)data.Length && Members(btf[id], data[(int)start..], depth - 1, ends);
            }
            else if (width != 0)
            {
                isWhole &= BitField(member, btf[id], data);
            }
            else if (start < (uint)data.Length || (start == (uint)data.Length && btf.TryGetSize(id, out uint size) && size == 0))
            {
                _sink.Name(member.NameUtf8);
                isWhole &= Value(id, data[(int)start..], network, depth - 1, ends);
            }
            else
            {
                isWhole = false;
            }
        }

        return isWhole;
    }

    private bool BitField(BtfMember member, BtfType type, scoped ReadOnlySpan<byte> data)
    {
        int width = member.BitFieldSize;
        if (width > 128 || (member.BitOffset + (ulong)width + 7) / 8 > (ulong)data.Length) return false;
        _sink.Name(member.NameUtf8);
        Number(type, Bits(data, member.BitOffset, width), width);
        return true;
    }

    private bool Section(BtfType type, scoped ReadOnlySpan<byte> data, int depth)
    {
        bool isWhole = true;
        _sink.BeginObject();
        foreach (BtfSectionVariable variable in type.Variables)
        {
            if (!btf.Contains(variable.TypeId) || variable.Offset > (uint)data.Length || _budget <= 0)
            {
                isWhole = false;
                continue;
            }

            _sink.Name(btf[variable.TypeId].NameUtf8);
            isWhole &= Value(variable.TypeId, data[(int)variable.Offset..], BtfNetworkType.None, depth - 1, isLast: false);
        }

        _sink.EndObject(!isWhole);
        return isWhole;
    }

    private bool Array(BtfArray array, scoped ReadOnlySpan<byte> data, BtfNetworkType network, int depth, bool isLast)
    {
        BtfTypeId id = array.ElementTypeId;
        if (!Resolve(ref id, ref network) || !btf.TryGetSize(id, out uint size)) return Missing();
        uint count = array.Count, there = size == 0 ? count : (uint)data.Length / size;
        if (count == 0 && isLast && size != 0) count = there;
        bool isWhole = there >= count;
        if (!isWhole) count = there;

        BtfType element = btf[id];
        if (size == 1 && element.Kind == BtfKind.Int && element.IntBits == 8 && (element.IntEncoding & BtfIntEncoding.Bool) == 0)
        {
            if (IsCharacter(element))
            {
                _sink.Text(BpfText.Trim(data[..(int)count]));
                return isWhole;
            }

            if ((element.IntEncoding & BtfIntEncoding.Signed) == 0) return Block(data[..(int)count], isWhole);
        }

        _sink.BeginArray();
        uint shown = Math.Min(count, (uint)options.MaximumElements);
        for (uint i = 0; i < shown; i++)
        {
            if (_budget <= 0)
            {
                shown = i;
                break;
            }

            isWhole &= Value(id, data[(int)(i * size)..], network, depth - 1, isLast: false);
        }

        _sink.EndArray(count - shown);
        return isWhole && shown == count;
    }

    /// <summary>Shows what is on the wire; false when the value is not of the size of what it is said to be.</summary>
    private bool Network(BtfType type, BtfNetworkType network, scoped ReadOnlySpan<byte> data)
    {
        if (!btf.TryGetSize(type.Id, out uint size) || size > (uint)data.Length || !BtfNetworkTags.Fits(network, size)) return false;
        if (network != BtfNetworkType.Number)
        {
            if (type.Kind is BtfKind.Pointer or BtfKind.Float) return false;
            _sink.Address(data[..(int)size]);
            return true;
        }

        if (type.Kind != BtfKind.Int) return false;
        ulong value = 0;
        foreach (byte b in data[..(int)size]) value = (value << 8) | b;
        _sink.Unsigned(value);
        return true;
    }

    private bool Block(scoped ReadOnlySpan<byte> bytes, bool isWhole)
    {
        int shown = Math.Min(bytes.Length, options.MaximumElements);
        _sink.BeginArray();
        _sink.Bytes(bytes[..shown]);
        _sink.EndArray((uint)(bytes.Length - shown));
        return isWhole && shown == bytes.Length;
    }

    private void Number(BtfType type, UInt128 value, int width)
    {
        if (type.IsEnum)
        {
            _budget -= type.VariableLength / 16; // looking for a name has its price, too
            ulong mask = width >= 64 ? ulong.MaxValue : (1UL << width) - 1;
            foreach (BtfEnumerator candidate in type.Enumerators)
            {
                if (((ulong)candidate.Value & mask) != ((ulong)value & mask)) continue;
                _sink.Symbol(candidate.NameUtf8);
                return;
            }
        }

        bool isSigned = type.IsEnum ? type.KindFlag : (type.IntEncoding & BtfIntEncoding.Signed) != 0;
        if ((type.IntEncoding & BtfIntEncoding.Bool) != 0) _sink.Boolean(value != 0);
        else if (width == 8 && IsCharacter(type)) _sink.Character((byte)value);
        else if (width > 64) _sink.Wide(value);
        else if (isSigned) _sink.Signed((long)((ulong)value << (64 - width)) >> (64 - width));
        else _sink.Unsigned((ulong)value);
    }

    private readonly void Float(scoped ReadOnlySpan<byte> data)
    {
        switch (data.Length)
        {
            case 2:
                _sink.Single((float)(_isBigEndian ? BinaryPrimitives.ReadHalfBigEndian(data) : BinaryPrimitives.ReadHalfLittleEndian(data)));
                break;
            case 4:
                _sink.Single(_isBigEndian ? BinaryPrimitives.ReadSingleBigEndian(data) : BinaryPrimitives.ReadSingleLittleEndian(data));
                break;
            case 8:
                _sink.Float(_isBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(data) : BinaryPrimitives.ReadDoubleLittleEndian(data));
                break;
            default:
                _sink.BeginArray();
                _sink.Bytes(data);
                _sink.EndArray(0);
                break;
        }
    }

    /// <summary>Up to 128 bits; where bytes are big-endian, bits count from the highest of the first byte.</summary>
    private readonly UInt128 Bits(scoped ReadOnlySpan<byte> data, uint offset, int width)
    {
        UInt128 value = 0;
        if (offset % 8 == 0 && width % 8 == 0)
        {
            data = data.Slice((int)(offset / 8), width / 8);
            for (int i = 0; i < data.Length; i++) value = (value << 8) | data[_isBigEndian ? i : data.Length - 1 - i];
            return value;
        }

        for (int i = 0; i < width; i++)
        {
            uint at = offset + (uint)(_isBigEndian ? i : width - 1 - i);
            value = (value << 1) | (uint)((data[(int)(at / 8)] >> (int)(_isBigEndian ? 7 - (at % 8) : at % 8)) & 1);
        }

        return value;
    }

    private bool Missing()
    {
        _sink.Missing();
        return false;
    }

    /// <summary>Follows what has no bytes of its own: qualifiers, typedefs, tags and variables. False for loops and bad ids.</summary>
    /// <param name="id">The type.</param>
    /// <param name="network">What is known of it on the wire; otherwise gets what the types that are passed by say.</param>
    private readonly bool Resolve(ref BtfTypeId id, ref BtfNetworkType network)
    {
        for (int steps = 0; steps < 64; steps++)
        {
            if (!btf.Contains(id)) return false;
            BtfType type = btf[id];
            if (_network is not null && network == BtfNetworkType.None) network = _network.OfType(type);
            if (!type.IsModifier && type.Kind is not (BtfKind.Typedef or BtfKind.Variable or BtfKind.DeclarationTag)) return true;
            id = type.TypeId;
        }

        return false;
    }

    // Only clang ever set the encoding, and not any more; the name is what tells text from bytes.
    internal static bool IsCharacter(BtfType type) =>
        type.Kind == BtfKind.Int && ((type.IntEncoding & BtfIntEncoding.Char) != 0 || type.NameUtf8.SequenceEqual("char"u8));
}
