using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Whether the target has a type with everything that the object's type has (TYPE_MATCHES): names agree at every level, each member
/// and each enumerator is there, integers agree in size and sign; what a pointer leads to need only have the name and the kind.
/// </summary>
internal readonly ref struct CoReTypeMatcher(BtfReader local, BtfReader target, CoReBudget budget)
{
    private const int MaximumDepth = 32;
    private const int MaximumLevel = 32;

    public CoReMatch Match(BtfTypeId localId, BtfTypeId targetId) => Match(localId, targetId, behindPointer: false, MaximumLevel);

    private CoReMatch Match(BtfTypeId localId, BtfTypeId targetId, bool behindPointer, int level)
    {
        if (level <= 0) return CoReMatch.TooDeep;
        for (int depth = 0; depth < MaximumDepth; depth++)
        {
            if (!budget.Spend()) return CoReMatch.TooDeep;
            BtfType ours = local.StripModifiers(localId), theirs = target.StripModifiers(targetId);
            if (!CoReNames.AreEqual(ours.NameUtf8, theirs.NameUtf8)) return CoReMatch.No;
            switch (ours.Kind)
            {
                case BtfKind.Void:
                    return Of(theirs.Kind == BtfKind.Void);
                case BtfKind.Forward:
                    return Of(MatchForward(ours, theirs, behindPointer));
                case BtfKind.Enum or BtfKind.Enum64:
                    return theirs.IsEnum ? MatchEnumerators(ours, theirs) : CoReMatch.No;
                case BtfKind.Struct or BtfKind.Union:
                    if (behindPointer) return Of(MatchComposite(ours, theirs));
                    return ours.Kind == theirs.Kind ? MatchMembers(ours, theirs, level) : CoReMatch.No;
                case BtfKind.Int:
                    return Of(theirs.Kind == BtfKind.Int && ours.Size == theirs.Size && IsSigned(ours) == IsSigned(theirs));
                case BtfKind.Pointer:
                    if (theirs.Kind != BtfKind.Pointer) return CoReMatch.No;
                    behindPointer = true;
                    localId = ours.TypeId;
                    targetId = theirs.TypeId;
                    break;
                case BtfKind.Array:
                    if (theirs.Kind != BtfKind.Array || ours.Array.Count != theirs.Array.Count) return CoReMatch.No;
                    localId = ours.Array.ElementTypeId;
                    targetId = theirs.Array.ElementTypeId;
                    break;
                case BtfKind.FunctionPrototype:
                    if (theirs.Kind != BtfKind.FunctionPrototype || ours.VariableLength != theirs.VariableLength) return CoReMatch.No;
                    for (int i = 0; i < ours.VariableLength; i++)
                    {
                        CoReMatch parameter = Match(ours.Parameters[i].TypeId, theirs.Parameters[i].TypeId, behindPointer, level - 1);
                        if (parameter != CoReMatch.Yes) return parameter;
                    }

                    localId = ours.TypeId;
                    targetId = theirs.TypeId;
                    break;
                default:
                    return CoReMatch.No;
            }
        }

        return CoReMatch.TooDeep;
    }

    // The kind flag of a forward declaration says that it is of a union.
    private static bool MatchForward(BtfType ours, BtfType theirs, bool behindPointer)
    {
        if (theirs.Kind == BtfKind.Forward) return ours.KindFlag == theirs.KindFlag;
        return behindPointer && theirs.Kind == (ours.KindFlag ? BtfKind.Union : BtfKind.Struct);
    }

    private static bool MatchComposite(BtfType ours, BtfType theirs) =>
        ours.Kind == theirs.Kind || (theirs.Kind == BtfKind.Forward && (ours.Kind == BtfKind.Union) == theirs.KindFlag);

    private CoReMatch MatchEnumerators(BtfType ours, BtfType theirs)
    {
        if (ours.Size != theirs.Size || ours.VariableLength > theirs.VariableLength) return CoReMatch.No;
        BtfEnumeratorCollection candidates = theirs.Enumerators;
        int next = 0;
        foreach (BtfEnumerator wanted in ours.Enumerators)
        {
            bool found = false;
            for (int tried = 0; tried < candidates.Count && !found; tried++)
            {
                if (!budget.Spend()) return CoReMatch.TooDeep;
                found = CoReNames.AreEqual(wanted.NameUtf8, candidates[next].NameUtf8);
                next = next + 1 == candidates.Count ? 0 : next + 1;
            }

            if (!found) return CoReMatch.No;
        }

        return CoReMatch.Yes;
    }

    // Both sides mostly have the same order, so the search for a member begins behind the one found before and goes round.
    private CoReMatch MatchMembers(BtfType ours, BtfType theirs, int level)
    {
        if (ours.VariableLength > theirs.VariableLength) return CoReMatch.No;
        BtfMemberCollection candidates = theirs.Members;
        int next = 0;
        foreach (BtfMember wanted in ours.Members)
        {
            bool found = false;
            for (int tried = 0; tried < candidates.Count && !found; tried++)
            {
                if (!budget.Spend()) return CoReMatch.TooDeep;
                BtfMember candidate = candidates[next];
                next = next + 1 == candidates.Count ? 0 : next + 1;
                if (!CoReNames.AreEqual(wanted.NameUtf8, candidate.NameUtf8)) continue;

                // Several members may have no name; one that matches is enough.
                CoReMatch member = Match(wanted.TypeId, candidate.TypeId, behindPointer: false, level - 1);
                if (member == CoReMatch.TooDeep) return member;
                found = member == CoReMatch.Yes;
            }

            if (!found) return CoReMatch.No;
        }

        return CoReMatch.Yes;
    }

    private static bool IsSigned(BtfType type) => (type.IntEncoding & BtfIntEncoding.Signed) != 0;

    private static CoReMatch Of(bool yes) => yes ? CoReMatch.Yes : CoReMatch.No;
}
