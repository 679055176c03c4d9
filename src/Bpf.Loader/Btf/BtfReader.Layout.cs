using System;

namespace Bpf.Loader.Btf;

public sealed partial class BtfReader
{
    // As deep as libbpf follows qualifiers, typedefs and arrays; loops end here.
    private const int MaximumDepth = 32;

    // Far more than any compiler makes; the kernel refuses more than 32 (MAX_RESOLVE_DEPTH in kernel/bpf/btf.c).
    private const int MaximumModifiers = 1024;

    // BPF programs see 64-bit pointers, whatever the machine.
    private const int BpfPointerSize = 8;

    private const byte Packed = 0x80;

    private byte[]? _alignments; // of structs and unions, with the bit Packed; 0 is one that nobody has asked for

    /// <summary>Follows qualifiers, type tags and typedefs to the type behind them.</summary>
    /// <exception cref="BpfFormatException">The chain has a loop or refers to a type that does not exist.</exception>
    public BtfType StripModifiers(BtfTypeId id)
    {
        for (int steps = 0; steps < MaximumModifiers; steps++)
        {
            BtfType type = this[id];
            if (!type.IsModifier && type.Kind != BtfKind.Typedef) return type;
            id = type.TypeId;
        }

        throw new BpfFormatException($"The typedefs and qualifiers at type {id} form a loop, or are more than {MaximumModifiers}.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
    }

    /// <summary>Follows qualifiers and type tags, but no typedefs.</summary>
    internal BtfType StripQualifiers(BtfTypeId id)
    {
        for (int steps = 0; steps < MaximumModifiers; steps++)
        {
            BtfType type = this[id];
            if (!type.IsModifier) return type;
            id = type.TypeId;
        }

        throw new BpfFormatException($"The qualifiers at type {id} form a loop, or are more than {MaximumModifiers}.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
    }

    /// <summary>The size of a type in bytes.</summary>
    /// <returns>False when it has none: void, functions, forward declarations, loops, or more than 4 GiB.</returns>
    public bool TryGetSize(BtfTypeId id, out uint size) => TryGetSize(id, BpfPointerSize, out size);

    /// <summary>The size of a type in bytes, for a machine whose pointers have a size.</summary>
    /// <returns>False when it has none: void, functions, forward declarations, loops, or more than 4 GiB.</returns>
    internal bool TryGetSize(BtfTypeId id, int pointerSize, out uint size)
    {
        ulong count = 1;
        size = 0;
        for (int depth = 0; depth < MaximumDepth; depth++)
        {
            if (!Contains(id)) return false;
            BtfType type = this[id];
            switch (type.Kind)
            {
                case BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float or BtfKind.DataSection:
                    return Multiply(count, type.Size, out size);
                case BtfKind.Pointer:
                    return Multiply(count, (uint)pointerSize, out size);
                case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable or BtfKind.DeclarationTag:
                    id = type.TypeId;
                    break;
                case BtfKind.Array:
                    count *= type.Array.Count;
                    if (count > uint.MaxValue) return false;
                    id = type.Array.ElementTypeId;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>The size of a type in bytes.</summary>
    /// <exception cref="BpfFormatException">It has none: void, functions, forward declarations, loops, or more than 4 GiB.</exception>
    public uint SizeOf(BtfTypeId id) => TryGetSize(id, out uint size)
        ? size
        : throw new BpfFormatException($"The size of type {(Contains(id) ? this[id].ToString() : id.ToString())} cannot be told: it is incomplete or too large.", ".BTF types", null, BpfDiagnosticId.NoBtfSize);

    /// <summary>The alignment of a type in bytes; 1 for packed structs and for what has no size.</summary>
    public int AlignOf(BtfTypeId id) => AlignOf(id, 4 * MaximumDepth);

    /// <summary>
    /// True when a struct or union cannot be laid out in C without the attribute <c>packed</c>: a member is off its natural
    /// boundary, a bit-field crosses one, or the size is no multiple of the alignment.
    /// </summary>
    internal static bool IsPacked(BtfType type) => type.IsComposite && (type.Reader.Alignment(type, 4 * MaximumDepth) & Packed) != 0;

    private int AlignOf(BtfTypeId id, int depth)
    {
        if (depth == 0 || !Contains(id)) return 1;
        BtfType type = this[id];
        switch (type.Kind)
        {
            case BtfKind.Int or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float:
                return (int)Math.Clamp(type.Size, 1, BpfPointerSize);
            case BtfKind.Pointer:
                return BpfPointerSize;
            case BtfKind.Array:
                return AlignOf(type.Array.ElementTypeId, depth - 1);
            case BtfKind.Struct or BtfKind.Union:
                return type.Reader.Alignment(type, depth) & ~Packed;
            case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable or BtfKind.DeclarationTag:
                return AlignOf(type.TypeId, depth - 1);
            default:
                return 1;
        }
    }

    private byte Alignment(BtfType type, int depth)
    {
        // Remembered, since structs that hold others several times would be visited over and over. Threads may find the same
        // answer twice; a byte is written as a whole.
        byte[] known = _alignments ??= new byte[_offsets.Length];
        ref byte alignment = ref known[type.Id.Value - FirstId];
        if (alignment == 0)
        {
            (int bytes, bool isPacked) = AlignOfMembers(type, depth);
            alignment = (byte)(bytes | (isPacked ? Packed : 0));
        }

        return alignment;
    }

    private (int Alignment, bool IsPacked) AlignOfMembers(BtfType type, int depth)
    {
        int alignment = 1;
        foreach (BtfMember member in type.Members)
        {
            int own = AlignOf(member.TypeId, depth - 1);
            alignment = Math.Max(alignment, own);
            if (member.BitFieldSize == 0)
            {
                if (member.BitOffset % (8u * (uint)own) != 0) return (1, true);
            }
            else if (TryGetSize(member.TypeId, out uint size) && size != 0)
            {
                ulong first = member.BitOffset, last = first + (uint)member.BitFieldSize - 1, unit = 8UL * size;
                if (first / unit != last / unit) return (1, true);
            }
        }

        return type.Size % (uint)alignment != 0 ? (1, true) : (alignment, false);
    }

    private static bool Multiply(ulong count, uint size, out uint product)
    {
        ulong full = count * size;
        product = (uint)full;
        return full <= uint.MaxValue;
    }
}
