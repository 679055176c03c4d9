using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Btf;

public sealed partial class BtfBuilder
{
    /// <summary>Gives the types other ids, each of them once, and with them another order; what refers to them goes on to do so.</summary>
    /// <param name="ids">The new id of each own type, in the present order: those of this builder, without <c>void</c> and those of the base.</param>
    /// <exception cref="ArgumentException">There are not as many ids as types, one of them is given twice, or is none of this builder's own.</exception>
    /// <exception cref="BpfFormatException">A type is of a kind that this library does not know.</exception>
    /// <remarks>Records of <c>.BTF.ext</c> that name types are the caller's to change.</remarks>
    public void Permute(ReadOnlySpan<BtfTypeId> ids)
    {
        if (ids.Length != _count) throw new ArgumentException($"{ids.Length} ids are given for {_count} types.", nameof(ids));
        int[] moved = new int[_count], order = new int[_count];
        Array.Fill(order, -1);
        for (int i = 0; i < _count; i++)
        {
            int place = ids[i].Value - _firstId;
            if ((uint)place >= (uint)_count) throw new ArgumentException($"The type {_firstId + i} cannot become {ids[i]}: the builder's own types are {_firstId} to {TypeCount - 1}.", nameof(ids));
            if (order[place] >= 0) throw new ArgumentException($"The types {_firstId + order[place]} and {_firstId + i} cannot both become {ids[i]}.", nameof(ids));
            order[place] = i;
            moved[i] = ids[i].Value;
        }

        foreach (int offset in _offsets.AsSpan(0, _count))
        {
            BtfKind kind = BtfType.KindOf(MemoryMarshal.Read<uint>(_types.AsSpan(offset + 4)));
            if (kind > BtfKind.Enum64) throw new BpfFormatException($"A type is of the unknown kind {(int)kind}: what it refers to cannot be given new ids.", ".BTF types", offset, BpfDiagnosticId.BadBtfType);
        }

        byte[] types = new byte[_types.Length];
        int[] offsets = new int[_count];
        int at = 0;
        for (int place = 0; place < _count; place++)
        {
            int old = order[place];
            MoveReferences(new BtfTypeId(_firstId + old), Moved);
            int end = old + 1 < _count ? _offsets[old + 1] : _typesLength;
            ReadOnlySpan<byte> record = _types.AsSpan(_offsets[old]..end);
            record.CopyTo(types.AsSpan(at));
            offsets[place] = at;
            at += record.Length;
        }

        (_types, _offsets) = (types, offsets);

        // Those of the base stay, and so does what is no type.
        int Moved(int id) => (uint)(id - _firstId) < (uint)moved.Length ? moved[id - _firstId] : id;
    }
}
