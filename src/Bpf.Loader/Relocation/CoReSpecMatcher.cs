using System;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Looks in a candidate type of the target for what the object's spec is about, and writes down where it is there.
/// </summary>
internal readonly ref struct CoReSpecMatcher(CoReSpec local, BtfReader target, CoReSpecBuilder spec, CoReBudget budget)
{
    private readonly int _pointerSize = target.PointerSize;

    public CoReMatch Match(BtfTypeId candidate)
    {
        spec.Reset(local.Kind, target, candidate);
        if (!budget.Spend()) return CoReMatch.TooDeep;
        if (local.Kind == CoReKind.TypeMatches) return new CoReTypeMatcher(local.Types, target, budget).Match(local.RootTypeId, candidate);
        if (local.Kind.IsType()) return new CoReTypeCompatibility(local.Types, target, budget).Types(local.RootTypeId, candidate);
        return local.Kind.IsEnumerator() ? MatchEnumerator(candidate) : MatchField(candidate);
    }

    private CoReMatch MatchEnumerator(BtfTypeId candidate)
    {
        BtfType type = target.StripModifiers(candidate);
        if (!type.IsEnum) return CoReMatch.No;
        CoReAccessor accessor = local.Last;
        ReadOnlySpan<byte> name = local.Types[accessor.TypeId].Enumerators[accessor.Index].NameUtf8;
        int index = 0;
        foreach (BtfEnumerator enumerator in type.Enumerators)
        {
            if (!budget.Spend()) return CoReMatch.TooDeep;
            if (CoReNames.AreEqual(name, enumerator.NameUtf8))
            {
                spec.Add(new CoReAccessor(type.Id, index, IsNamed: true));
                spec.Push(index);
                return CoReMatch.Yes;
            }

            index++;
        }

        return CoReMatch.No;
    }

    private CoReMatch MatchField(BtfTypeId candidate)
    {
        BtfTypeId current = candidate;
        for (int i = 0; i < local.AccessorSpan.Length; i++)
        {
            CoReAccessor accessor = local.AccessorSpan[i];
            CoReMatch match = accessor.IsNamed
                ? MatchMember(accessor, ref current)
                : MatchElement(accessor.Index, isRoot: i == 0, ref current);
            if (match != CoReMatch.Yes) return match;
        }

        return CoReMatch.Yes;
    }

    private CoReMatch MatchElement(int index, bool isRoot, ref BtfTypeId current)
    {
        BtfType type = target.StripModifiers(current);
        if (!isRoot)
        {
            if (type.Kind != BtfKind.Array) return CoReMatch.No;
            if (index >= type.Array.Count && !CoReSpecParser.IsFlexible(target, spec.Accessors[^1], type.Array)) return CoReMatch.No;
            type = target.StripModifiers(type.Array.ElementTypeId);
        }

        if (spec.IsFull) return CoReMatch.TooDeep;
        if (!target.TryGetSize(type.Id, _pointerSize, out uint size)) return CoReMatch.NoSize;
        spec.Add(new CoReAccessor(type.Id, index, IsNamed: false));
        spec.Push(index);
        spec.BitOffset += unchecked((uint)(index * (long)size * 8));
        current = type.Id;
        return CoReMatch.Yes;
    }

    private CoReMatch MatchMember(CoReAccessor accessor, ref BtfTypeId current)
    {
        BtfMember wanted = local.Types[accessor.TypeId].Members[accessor.Index];
        return FindMember(wanted.NameUtf8, wanted.TypeId, current, out current) ?? CoReMatch.No;
    }

    /// <summary>
    /// Searches a struct and, in their places, its anonymous members, for a name. The first member of that name decides; null when
    /// there is none. (libbpf goes on after a member of another type in an anonymous struct, with a wrong offset; C has no two
    /// members of a name, so no compiler's types can tell the difference.)
    /// </summary>
    private CoReMatch? FindMember(ReadOnlySpan<byte> name, BtfTypeId wantedType, BtfTypeId composite, out BtfTypeId found)
    {
        found = default;
        BtfType type = target.StripModifiers(composite);
        if (!type.IsComposite) return null;

        int index = 0;
        foreach (BtfMember member in type.Members)
        {
            if (spec.IsFull || !budget.Spend()) return CoReMatch.TooDeep;
            spec.Push(index);
            spec.BitOffset += member.BitOffset;
            if (member.IsAnonymous)
            {
                if (FindMember(name, wantedType, member.TypeId, out found) is CoReMatch nested) return nested;
            }
            else if (member.NameEquals(name))
            {
                found = member.TypeId;
                spec.Add(new CoReAccessor(type.Id, index, IsNamed: true));
                return new CoReTypeCompatibility(local.Types, target, budget).Fields(wantedType, member.TypeId);
            }

            spec.BitOffset -= member.BitOffset;
            spec.Pop();
            index++;
        }

        return null;
    }
}
