using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>What one side of a relocation says: the object's, which the instruction must hold now, or the target's.</summary>
/// <param name="Number">The value.</param>
/// <param name="Width">For the offset of a field that is no bit-field, how wide a load of it is, in bytes; else 0.</param>
/// <param name="WidthTypeId">The type that <paramref name="Width"/> is of; void when it is 0.</param>
/// <param name="IsCertain">
/// True when the compiler must have put the same value into the instruction. It need not agree about the storage of a bit-field, and
/// ids of types change when objects are linked.
/// </param>
internal readonly record struct CoReValue(ulong Number, uint Width = 0, BtfTypeId WidthTypeId = default, bool IsCertain = true)
{
    /// <summary>Computes the value that a spec stands for.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="pointerSize">The size of a pointer on this side.</param>
    /// <param name="isBigEndian">The byte order of the program, which decides where the bits of a loaded bit-field are.</param>
    /// <param name="value">The value.</param>
    /// <returns>Why there is none; null when there is.</returns>
    public static CoReProblem? Compute(CoReSpec spec, int pointerSize, bool isBigEndian, out CoReValue value)
    {
        if (spec.Kind.IsField()) return CoReFieldValue.Compute(spec, pointerSize, isBigEndian, out value);
        value = default;
        switch (spec.Kind)
        {
            case CoReKind.TypeIdLocal or CoReKind.TypeIdTarget:
                value = new CoReValue((ulong)spec.RootTypeId.Value, IsCertain: false);
                return null;
            case CoReKind.TypeExists or CoReKind.TypeMatches or CoReKind.EnumValueExists:
                value = new CoReValue(1);
                return null;
            case CoReKind.TypeSize:
                if (!spec.Types.TryGetSize(spec.RootTypeId, pointerSize, out uint size))
                    return new CoReProblem(BpfDiagnosticId.NoCoReValue, $"The size of {spec.Types[spec.RootTypeId]} cannot be told.");
                value = new CoReValue(size);
                return null;
            default:
                value = new CoReValue((ulong)spec.Types[spec.Last.TypeId].Enumerators[spec.Last.Index].Value);
                return null;
        }
    }
}
