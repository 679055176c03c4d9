using System;

namespace Bpf.Loader.Btf;

public sealed partial class BtfBuilder
{
    /// <summary>Appends a copy of a type of any BTF. Names are carried over; the ids that it refers to stay as they are.</summary>
    /// <exception cref="ArgumentException">The type is <c>void</c>.</exception>
    public BtfTypeId AddType(BtfType type)
    {
        if (type.Id.IsVoid) throw new ArgumentException("Void has no record.", nameof(type));
        return AddType(type, 0, 0);
    }

    /// <summary>Appends a copy of a struct or union that has only some of its members, each where it was; ids stay as they are.</summary>
    internal BtfTypeId AddComposite(BtfType type, ReadOnlySpan<int> members)
    {
        BtfTypeId id = Append(AddString(type.NameUtf8), type.Kind, type.KindFlag, 0, type.Size);
        BtfMemberCollection all = type.Members;
        foreach (int index in members)
        {
            BtfMember member = all[index];
            uint name = AddString(member.NameUtf8);
            Span<byte> entry = Extend(At(id), 12);
            Write(entry, 0, name);
            Write(entry, 4, Id(member.TypeId));
            Write(entry, 8, ((uint)member.BitFieldSize << 24) | member.BitOffset);
        }

        return id;
    }

    /// <summary>
    /// Appends all types of another BTF; its ids become those of this builder. Split BTF must have the same base as this builder.
    /// </summary>
    /// <returns>The id that its first own type has here.</returns>
    /// <exception cref="ArgumentException">The other BTF has another base.</exception>
    public BtfTypeId AddAll(BtfReader source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Base is not null && !ReferenceEquals(source.Base, Base)) throw new ArgumentException("Split BTF can be added only to BTF with the same base.", nameof(source));
        var first = new BtfTypeId(TypeCount);
        for (int id = source.FirstId; id < source.TypeCount; id++)
            AddType(source[new BtfTypeId(id)], source.FirstId, first.Value - source.FirstId);
        return first;
    }

    /// <summary>Copies a record; ids from <paramref name="firstMoved"/> on move by <paramref name="distance"/>.</summary>
    private BtfTypeId AddType(BtfType type, int firstMoved, int distance)
    {
        MemoryBlock types = type.Reader.Types;
        int size = type.RecordSize;
        if (type.Reader.IsBigEndian == BitConverter.IsLittleEndian && BtfType.ExtraSize(type.Kind, 0) < 0)
            throw new BpfFormatException($"Kind {(int)type.Kind} cannot be converted to the byte order of this machine.", ".BTF types", type.Offset, BpfDiagnosticId.BadBtfType);

        BtfTypeId id = Append(0, BtfKind.Void, false, 0, 0, size - BtfType.HeaderSize);
        int at = _typesLength - size;
        types.Span.Slice(type.Offset, size).CopyTo(_types.AsSpan(at));
        if (type.Reader.IsBigEndian == BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < size; i += 4) Write(_types, at + i, types.UInt32(type.Offset + i));
        }

        BtfFields fields = FieldsAt(at);
        CopyName(type, at);
        if (fields.HeadIsType) Move(at + 8, firstMoved, distance);
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields.FirstName != 0) CopyName(type, at + fields.FirstName + (i * fields.Step));
            if (fields.FirstType != 0) Move(at + fields.FirstType + (i * fields.Step), firstMoved, distance);
        }

        return id;
    }

    private void CopyName(BtfType type, int at) => Write(_types, at, AddString(type.Reader.GetStringUtf8(Word(at))));

    private void Move(int at, int firstMoved, int distance)
    {
        int id = (int)Word(at);
        if (distance != 0 && id != 0 && id >= firstMoved) Write(_types, at, (uint)(id + distance));
    }

    /// <summary>Replaces the types that a type refers to by what a map says of them.</summary>
    internal void MoveReferences(BtfTypeId id, Func<int, int> map)
    {
        int at = At(id);
        BtfFields fields = FieldsAt(at);
        if (fields.HeadIsType) Write(_types, at + 8, (uint)map((int)Word(at + 8)));
        for (int i = 0; i < fields.Count && fields.FirstType != 0; i++)
        {
            int field = at + fields.FirstType + (i * fields.Step);
            Write(_types, field, (uint)map((int)Word(field)));
        }
    }
}
