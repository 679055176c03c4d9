using System;

namespace Bpf.Loader.Btf;

public sealed partial class BtfBuilder
{
    /// <summary>Gives a type another name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not one of this builder's own.</exception>
    public void SetName(BtfTypeId id, string? name) => SetName(id, AddString(name));

    /// <summary>Gives a type another name, by its offset in the strings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not one of this builder's own.</exception>
    public void SetName(BtfTypeId id, uint nameOffset) => Write(_types, At(id), nameOffset);

    /// <summary>Makes a type one of another kind whose record is as long, as when a function becomes a typedef.</summary>
    /// <exception cref="ArgumentException">The record of the new kind would be longer or shorter.</exception>
    public void SetKind(BtfTypeId id, BtfKind kind, int variableLength, bool kindFlag)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)variableLength, (uint)MaximumLength, nameof(variableLength));
        int at = At(id);
        uint info = Word(at + 4);
        if (BtfType.ExtraSize(kind, variableLength) != BtfType.ExtraSize(BtfType.KindOf(info), BtfType.VariableLengthOf(info)))
            throw new ArgumentException($"A {BtfType.KindOf(info)} cannot become a {kind} in place: the record would have another length.", nameof(kind));
        Write(_types, at + 4, Info(kind, kindFlag, variableLength));
    }

    /// <summary>Sets the kind flag.</summary>
    public void SetKindFlag(BtfTypeId id, bool kindFlag)
    {
        int at = At(id);
        Write(_types, at + 4, (Word(at + 4) & 0x7fffffff) | (kindFlag ? 0x80000000 : 0));
    }

    /// <summary>Sets the size in bytes of a type that has one.</summary>
    /// <exception cref="ArgumentException">The type has none.</exception>
    public void SetSize(BtfTypeId id, uint size)
    {
        int at = At(id);
        BtfKind kind = KindAt(at);
        if (BtfFields.Of(kind, 0).HeadIsType || kind is BtfKind.Array or BtfKind.Forward)
            throw new ArgumentException($"A {kind} has no size of its own.", nameof(id));
        Write(_types, at + 8, size);
    }

    /// <summary>Sets the type that a type refers to.</summary>
    /// <exception cref="ArgumentException">The type refers to none.</exception>
    public void SetTypeId(BtfTypeId id, BtfTypeId target)
    {
        int at = At(id);
        if (!BtfFields.Of(KindAt(at), 0).HeadIsType) throw new ArgumentException($"A {KindAt(at)} refers to no type.", nameof(id));
        Write(_types, at + 8, Id(target));
    }

    /// <summary>Sets the linkage of a function or variable.</summary>
    /// <exception cref="ArgumentException">The type is neither.</exception>
    public void SetLinkage(BtfTypeId id, BtfLinkage linkage)
    {
        int at = At(id);
        switch (KindAt(at))
        {
            case BtfKind.Function:
                Write(_types, at + 4, (Word(at + 4) & ~(uint)MaximumLength) | (uint)linkage);
                break;
            case BtfKind.Variable:
                Write(_types, at + BtfType.HeaderSize, (uint)linkage);
                break;
            default:
                throw new ArgumentException($"A {KindAt(at)} has no linkage.", nameof(id));
        }
    }

    /// <summary>Sets encoding, offset and width of the bits of an integer.</summary>
    /// <exception cref="ArgumentException">The type is no integer.</exception>
    public void SetInt(BtfTypeId id, BtfIntEncoding encoding, int bitOffset, int bits)
    {
        int at = At(id, BtfKind.Int);
        Write(_types, at + BtfType.HeaderSize, ((uint)encoding << 24) | ((uint)(byte)bitOffset << 16) | (byte)bits);
    }

    /// <summary>Sets the number of elements of an array.</summary>
    /// <exception cref="ArgumentException">The type is no array.</exception>
    public void SetArrayCount(BtfTypeId id, uint count) => Write(_types, At(id, BtfKind.Array) + BtfType.HeaderSize + 8, count);

    /// <summary>Sets the name of a member, enumerator or parameter.</summary>
    /// <exception cref="ArgumentException">The type has no such entry, or its entries have no names.</exception>
    public void SetEntryName(BtfTypeId id, int index, string? name)
    {
        uint offset = AddString(name);
        BtfFields fields = FieldsAt(At(id));
        if (fields.FirstName == 0 || (uint)index >= (uint)fields.Count) throw NoEntry(id, index);
        Write(_types, At(id) + fields.FirstName + (index * fields.Step), offset);
    }

    /// <summary>Sets the type of a member, parameter or section variable.</summary>
    /// <exception cref="ArgumentException">The type has no such entry, or its entries have no types.</exception>
    public void SetEntryType(BtfTypeId id, int index, BtfTypeId type)
    {
        BtfFields fields = FieldsAt(At(id));
        if (fields.FirstType == 0 || (uint)index >= (uint)fields.Count) throw NoEntry(id, index);
        Write(_types, At(id) + fields.FirstType + (index * fields.Step), Id(type));
    }

    /// <summary>Sets the offset of a member as it is stored: in bits, with the width of a bit-field in the upper 8 when the kind flag is set.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public void SetMemberOffset(BtfTypeId id, int index, uint offset)
    {
        int at = At(id);
        if (KindAt(at) is not (BtfKind.Struct or BtfKind.Union) || (uint)index >= (uint)FieldsAt(at).Count) throw NoEntry(id, index);
        Write(_types, at + BtfType.HeaderSize + (index * 12) + 8, offset);
    }

    /// <summary>Replaces a member: name, type and offset as they are stored.</summary>
    internal void SetMember(BtfTypeId id, int index, uint nameOffset, BtfTypeId type, uint offset)
    {
        SetEntryType(id, index, type);
        SetMemberOffset(id, index, offset);
        Write(_types, At(id) + BtfType.HeaderSize + (index * 12), nameOffset);
    }

    /// <summary>Replaces a variable of a data section.</summary>
    /// <exception cref="ArgumentException">The type is no data section, or has no such variable.</exception>
    public void SetSectionVariable(BtfTypeId id, int index, BtfSectionVariable variable)
    {
        int at = At(id, BtfKind.DataSection);
        if ((uint)index >= (uint)FieldsAt(at).Count) throw NoEntry(id, index);
        Span<byte> entry = _types.AsSpan(at + BtfType.HeaderSize + (index * 12), 12);
        Write(entry, 0, Id(variable.TypeId));
        Write(entry, 4, variable.Offset);
        Write(entry, 8, variable.Size);
    }

    /// <summary>The number of parameters of a function prototype; 0 for other kinds.</summary>
    internal int CountParameters(BtfTypeId id) => KindAt(At(id)) == BtfKind.FunctionPrototype ? FieldsAt(At(id)).Count : 0;

    private int At(BtfTypeId id)
    {
        int index = id.Value - _firstId;
        if ((uint)index >= (uint)_count) throw new ArgumentOutOfRangeException(nameof(id), id, $"The builder's own types are {_firstId} to {TypeCount - 1}.");
        return _offsets[index];
    }

    private int At(BtfTypeId id, BtfKind kind)
    {
        int at = At(id);
        return KindAt(at) == kind ? at : throw new ArgumentException($"Type {id} is a {KindAt(at)} and no {kind}.", nameof(id));
    }

    private BtfKind KindAt(int at) => BtfType.KindOf(Word(at + 4));

    private BtfFields FieldsAt(int at) => BtfFields.Of(KindAt(at), BtfType.VariableLengthOf(Word(at + 4)));

    private ArgumentException NoEntry(BtfTypeId id, int index) => new($"Type {id} ({KindAt(At(id))}) has no such entry {index}.", nameof(index));
}
