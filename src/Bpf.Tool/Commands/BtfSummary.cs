using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands;

/// <summary>How many types of which kind a BTF has.</summary>
/// <param name="Kinds">The kinds in the order of their numbers.</param>
internal sealed record BtfSummary(SortedDictionary<BtfKind, int> Kinds)
{
    public static BtfSummary Of(BtfReader btf)
    {
        var kinds = new SortedDictionary<BtfKind, int>();
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfKind kind = btf[new BtfTypeId(id)].Kind;
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        return new BtfSummary(kinds);
    }
}
