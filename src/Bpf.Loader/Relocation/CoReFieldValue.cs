using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>The six things that can be asked of a field.</summary>
internal static class CoReFieldValue
{
    public static CoReProblem? Compute(CoReSpec spec, int pointerSize, bool isBigEndian, out CoReValue value)
    {
        value = new CoReValue(1);
        if (spec.Kind == CoReKind.FieldExists) return null;
        return spec.Last.IsNamed
            ? ComputeMember(spec, pointerSize, isBigEndian, out value)
            : ComputeElement(spec, pointerSize, out value);
    }

    private static CoReProblem? ComputeElement(CoReSpec spec, int pointerSize, out CoReValue value)
    {
        value = default;
        BtfTypeId type = spec.Last.TypeId;
        switch (spec.Kind)
        {
            case CoReKind.FieldByteOffset:
                if (!TryGetWidth(spec.Types, type, pointerSize, out uint width)) return NoSize(spec, type);
                value = new CoReValue(spec.BitOffset / 8, width, type);
                return null;
            case CoReKind.FieldByteSize:
                if (!spec.Types.TryGetSize(type, pointerSize, out uint size)) return NoSize(spec, type);
                value = new CoReValue(size);
                return null;
            default:
                return new CoReProblem(BpfDiagnosticId.NoCoReValue, "Of an element of an array only the offset, the size and the existence can be asked.");
        }
    }

    private static CoReProblem? ComputeMember(CoReSpec spec, int pointerSize, bool isBigEndian, out CoReValue value)
    {
        value = default;
        BtfMember member = spec.Types[spec.Last.TypeId].Members[spec.Last.Index];
        BtfType type = spec.Types.StripModifiers(member.TypeId);
        bool isBitField = member.BitFieldSize > 0;
        uint bitOffset = spec.BitOffset, byteOffset = bitOffset / 8, byteSize, bitSize;
        if (isBitField)
        {
            bitSize = (uint)member.BitFieldSize;
            if (!TryGetStorage(type, bitOffset, bitSize, out byteOffset, out byteSize))
                return new CoReProblem(BpfDiagnosticId.NoCoReValue, $"The bit-field {member.Name} does not fit into a load of 8 bytes.");
        }
        else
        {
            if (!spec.Types.TryGetSize(type.Id, pointerSize, out byteSize)) return NoSize(spec, type.Id);
            bitSize = unchecked(byteSize * 8);
        }

        // 32-bit arithmetic that may wrap, as libbpf's.
        unchecked
        {
            switch (spec.Kind)
            {
                case CoReKind.FieldByteOffset:
                    uint width = 0;
                    if (!isBitField && !TryGetWidth(spec.Types, type.Id, pointerSize, out width)) return NoSize(spec, type.Id);
                    value = new CoReValue(byteOffset, width, isBitField ? default : type.Id, IsCertain: !isBitField);
                    break;
                case CoReKind.FieldByteSize:
                    value = new CoReValue(byteSize, IsCertain: !isBitField);
                    break;
                case CoReKind.FieldSigned:
                    value = new CoReValue(IsSigned(type) ? 1u : 0);
                    break;
                case CoReKind.FieldLeftShift64:
                    uint shift = isBigEndian
                        ? ((8 - byteSize) * 8) + (bitOffset - (byteOffset * 8))
                        : 64 - (bitOffset + bitSize - (byteOffset * 8));
                    value = new CoReValue(shift, IsCertain: !isBitField);
                    break;
                default:
                    value = new CoReValue(64 - bitSize);
                    break;
            }
        }

        return null;
    }

    /// <summary>
    /// The bytes that hold a bit-field: as wide as its type and aligned to that, then doubled until the field is inside.
    /// </summary>
    private static bool TryGetStorage(BtfType type, uint bitOffset, uint bitSize, out uint byteOffset, out uint byteSize)
    {
        byteOffset = 0;
        byteSize = type.Kind is BtfKind.Int || type.IsEnum ? type.Size : 0;
        if (byteSize == 0) return false;
        byteOffset = bitOffset / 8 / byteSize * byteSize;
        while ((ulong)bitOffset + bitSize - ((ulong)byteOffset * 8) > (ulong)byteSize * 8)
        {
            if (byteSize >= 8) return false;
            byteSize *= 2;
            byteOffset = bitOffset / 8 / byteSize * byteSize;
        }

        return true;
    }

    // A load of an array is a load of one element of it (libbpf 1.6; before, a changed length made the load invalid).
    private static bool TryGetWidth(BtfReader types, BtfTypeId id, int pointerSize, out uint width)
    {
        BtfType type = types.StripModifiers(id);
        for (int depth = 0; type.Kind == BtfKind.Array && depth <= types.TypeCount; depth++) type = types.StripModifiers(type.Array.ElementTypeId);
        return types.TryGetSize(type.Id, pointerSize, out width);
    }

    private static bool IsSigned(BtfType type) =>
        type.IsEnum ? type.KindFlag : type.Kind == BtfKind.Int && (type.IntEncoding & BtfIntEncoding.Signed) != 0;

    private static CoReProblem NoSize(CoReSpec spec, BtfTypeId type) =>
        new(BpfDiagnosticId.NoCoReValue, $"The size of {spec.Types[type]} cannot be told.");
}
