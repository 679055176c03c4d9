using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>Finds the values that a struct consists of, in the order and by the names in which <see cref="BtfValueWalker{TSink}"/> shows them.</summary>
internal sealed class BtfLeaves
{
    // Types that were made up may be nested in themselves, or double with each level.
    private const int MaximumDepth = 32;
    private const int MaximumLeaves = 1 << 16;
    private const int MaximumMembers = 1 << 20;

    private readonly BtfReader _btf;
    private readonly List<BtfLeaf> _leaves = [];
    private int _members;

    private BtfLeaves(BtfReader btf) => _btf = btf;

    /// <summary>Finds the leaves of a type; one that is no struct is a leaf without a name.</summary>
    public static IReadOnlyList<BtfLeaf> Of(BtfReader btf, BtfTypeId id)
    {
        var leaves = new BtfLeaves(btf);
        leaves.Value(new BtfLeaf("", id, 0, 0, BtfNetworkType.None), 0);
        return leaves._leaves;
    }

    private void Value(BtfLeaf leaf, int depth)
    {
        BtfType type = _btf.StripModifiers(leaf.TypeId);
        BtfNetworkType network = leaf.Network != BtfNetworkType.None ? leaf.Network : _btf.GetNetworkType(leaf.TypeId);
        bool isAddress = network is BtfNetworkType.IPv4Address or BtfNetworkType.IPv6Address && BtfNetworkTags.Fits(network, type.Size);
        if (!type.IsComposite || isAddress || depth == MaximumDepth) _leaves.Add(leaf);
        else Members(type, leaf.Path, leaf.BitOffset, depth);
    }

    private void Members(BtfType type, string path, ulong start, int depth)
    {
        for (int i = 0; i < type.Members.Count && _leaves.Count < MaximumLeaves && ++_members < MaximumMembers && depth < MaximumDepth; i++)
        {
            BtfMember member = type.Members[i];
            BtfType target = _btf.StripModifiers(member.TypeId);
            ulong offset = start + member.BitOffset;
            string name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (member.IsAnonymous)
            {
                if (target.IsComposite) Members(target, path, offset, depth + 1);
            }
            else if (member.BitFieldSize != 0)
            {
                _leaves.Add(new BtfLeaf(name, target.Id, offset, member.BitFieldSize, BtfNetworkType.None));
            }
            else if (_btf.TryGetSize(member.TypeId, out _))
            {
                Value(new BtfLeaf(name, member.TypeId, offset, 0, _btf.NetworkTags.OfMember(type.Id, i)), depth + 1);
            }
        }
    }
}
