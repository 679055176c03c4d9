using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Whether two types may stand for each other when a relocation asks for a type or a field: sizes, signs, lengths of arrays and
/// names below the root do not matter, kinds do.
/// </summary>
internal readonly ref struct CoReTypeCompatibility(BtfReader local, BtfReader target, CoReBudget budget)
{
    // libbpf's limits: a chain of pointers and arrays, and prototypes in parameters of prototypes.
    private const int MaximumDepth = 32;
    private const int MaximumLevel = 32;

    // More arrays in arrays than any compiler makes; libbpf has no limit.
    private const int MaximumNesting = 1024;

    /// <summary>Types as wholes: pointers are followed, prototypes are compared, structs are not looked into.</summary>
    public CoReMatch Types(BtfTypeId localId, BtfTypeId targetId) => Types(localId, targetId, MaximumLevel);

    /// <summary>The types of two fields: structs and unions are alike, pointers are not followed, enums compare by name.</summary>
    public CoReMatch Fields(BtfTypeId localId, BtfTypeId targetId)
    {
        for (int depth = 0; depth < MaximumNesting; depth++)
        {
            BtfType ours = local.StripModifiers(localId), theirs = target.StripModifiers(targetId);
            if (ours.IsComposite && theirs.IsComposite) return CoReMatch.Yes;
            if (!CoReKinds.IsCompatible(ours.Kind, theirs.Kind)) return CoReMatch.No;
            switch (ours.Kind)
            {
                case BtfKind.Pointer or BtfKind.Float:
                    return CoReMatch.Yes;
                case BtfKind.Forward or BtfKind.Enum or BtfKind.Enum64:
                    return Of(ours.NameUtf8.IsEmpty || theirs.NameUtf8.IsEmpty || CoReNames.AreEqual(ours.NameUtf8, theirs.NameUtf8));
                case BtfKind.Int:
                    return Of(HasNoBitOffset(ours, theirs));
                case BtfKind.Array:
                    localId = ours.Array.ElementTypeId;
                    targetId = theirs.Array.ElementTypeId;
                    break;
                default:
                    return CoReMatch.No;
            }
        }

        // An array of itself.
        return CoReMatch.TooDeep;
    }

    private CoReMatch Types(BtfTypeId localId, BtfTypeId targetId, int level)
    {
        if (!CoReKinds.IsCompatible(local[localId].Kind, target[targetId].Kind)) return CoReMatch.No;
        for (int depth = 0; depth < MaximumDepth; depth++)
        {
            if (!budget.Spend()) return CoReMatch.TooDeep;
            BtfType ours = local.StripModifiers(localId), theirs = target.StripModifiers(targetId);
            if (!CoReKinds.IsCompatible(ours.Kind, theirs.Kind)) return CoReMatch.No;
            switch (ours.Kind)
            {
                case BtfKind.Void or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward:
                    return CoReMatch.Yes;
                case BtfKind.Int:
                    return Of(HasNoBitOffset(ours, theirs));
                case BtfKind.Pointer:
                    localId = ours.TypeId;
                    targetId = theirs.TypeId;
                    break;
                case BtfKind.Array:
                    localId = ours.Array.ElementTypeId;
                    targetId = theirs.Array.ElementTypeId;
                    break;
                case BtfKind.FunctionPrototype:
                    if (Parameters(ours, theirs, level) is not CoReMatch.Yes and CoReMatch result) return result;
                    localId = ours.TypeId;
                    targetId = theirs.TypeId;
                    break;
                default:
                    return CoReMatch.No;
            }
        }

        return CoReMatch.TooDeep;
    }

    private CoReMatch Parameters(BtfType ours, BtfType theirs, int level)
    {
        if (ours.VariableLength != theirs.VariableLength) return CoReMatch.No;
        for (int i = 0; i < ours.VariableLength; i++)
        {
            if (level <= 0) return CoReMatch.TooDeep;
            BtfTypeId localId = local.StripModifiers(ours.Parameters[i].TypeId).Id;
            BtfTypeId targetId = target.StripModifiers(theirs.Parameters[i].TypeId).Id;
            if (Types(localId, targetId, level - 1) is not CoReMatch.Yes and CoReMatch result) return result;
        }

        return CoReMatch.Yes;
    }

    // Integers with a bit offset are bit-fields of very old compilers.
    private static bool HasNoBitOffset(BtfType ours, BtfType theirs) => ours.IntBitOffset == 0 && theirs.IntBitOffset == 0;

    private static CoReMatch Of(bool yes) => yes ? CoReMatch.Yes : CoReMatch.No;
}
