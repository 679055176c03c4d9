using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>Finds the types of a base that the types of a distilled base stand for.</summary>
internal sealed class BtfBaseMatcher(BtfReader split, BtfReader distilled, BtfReader target)
{
    private readonly int[] _ids = new int[distilled.TypeCount];
    private readonly bool[] _isEmbedded = new bool[distilled.TypeCount];
    private readonly Dictionary<int, int> _sameNamed = []; // distilled type -> number of structs and unions of its name in the target

    /// <summary>The id in the target of each type of the distilled base.</summary>
    public int[] Match()
    {
        for (int id = 1; id < distilled.TypeCount; id++)
        {
            BtfType type = distilled[new BtfTypeId(id)];
            if (type.NameUtf8.IsEmpty || type.Kind is not (BtfKind.Int or BtfKind.Float or BtfKind.Enum or BtfKind.Struct or BtfKind.Union or BtfKind.Forward))
                throw Bad($"The base is not a distilled one: it holds {type}.");
        }

        FindEmbedded();
        for (int id = 1; id < distilled.TypeCount; id++)
        {
            BtfType type = distilled[new BtfTypeId(id)];
            BtfTypeId found = default;
            foreach (BtfTypeId candidate in Named(type))
            {
                if (!Matches(type, target[candidate])) continue;
                if (!found.IsVoid) throw Bad($"{type} of the distilled base could be either of {found} and {candidate} of the base.");
                found = candidate;
            }

            if (found.IsVoid) throw Bad($"{type} of the distilled base has no counterpart in the base.");
            _ids[id] = found.Value;
        }

        return _ids;
    }

    /// <summary>Marks the structs and unions that the split types hold by value: their size is part of these.</summary>
    private void FindEmbedded()
    {
        for (int id = split.FirstId; id < split.TypeCount; id++)
        {
            foreach (BtfMember member in split[new BtfTypeId(id)].Members)
            {
                BtfTypeId at = member.TypeId;
                for (int steps = 0; steps < split.TypeCount; steps++)
                {
                    BtfType type = split[at];
                    if (type.IsModifier || type.Kind == BtfKind.Typedef) at = type.TypeId;
                    else if (type.Kind == BtfKind.Array) at = type.Array.ElementTypeId;
                    else break;
                }

                if (at.Value < distilled.TypeCount && split[at].IsComposite) _isEmbedded[at.Value] = true;
            }
        }
    }

    private bool Matches(BtfType one, BtfType candidate) => one.Kind switch
    {
        BtfKind.Int => candidate.Kind == BtfKind.Int && candidate.Size == one.Size && candidate.IntEncoding == one.IntEncoding,
        BtfKind.Float => candidate.Kind == BtfKind.Float && candidate.Size == one.Size,

        // A distilled enum has no values, and a 64-bit one becomes an ordinary one.
        BtfKind.Enum => candidate.IsEnum && candidate.Size == one.Size,
        BtfKind.Forward => candidate.Kind == BtfKind.Forward
            ? candidate.KindFlag == one.KindFlag
            : candidate.Kind == (one.KindFlag ? BtfKind.Union : BtfKind.Struct),
        _ => candidate.Kind == one.Kind && (candidate.Size == one.Size || !NeedsSize(one)),
    };

    private bool NeedsSize(BtfType one)
    {
        if (_isEmbedded[one.Id.Value]) return true;
        if (!_sameNamed.TryGetValue(one.Id.Value, out int count))
        {
            foreach (BtfTypeId id in Named(one)) count += target[id].IsComposite ? 1 : 0;
            _sameNamed.Add(one.Id.Value, count);
        }

        return count > 1;
    }

    private List<BtfTypeId> Named(BtfType one)
    {
        List<BtfTypeId> found = [];
        ReadOnlySpan<byte> name = one.NameUtf8;
        for (BtfReader? part = target; part is not null; part = part.Base)
        {
            for (BtfNameIndex.Chain chain = part.Index.Find(BtfReader.EssentialName(name)); chain.TryNext(out BtfType type);)
            {
                if (type.NameUtf8.SequenceEqual(name)) found.Add(type.Id);
            }
        }

        return found;
    }

    private static BpfFormatException Bad(string message) => new(message, ".BTF.base", null, BpfDiagnosticId.BadBtfReference);
}
