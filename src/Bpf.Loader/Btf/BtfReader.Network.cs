using System.Threading;

namespace Bpf.Loader.Btf;

public sealed partial class BtfReader
{
    private BtfNetworkTags? _networkTags;

    /// <summary>The tags of what is on the wire, found on first use.</summary>
    internal BtfNetworkTags NetworkTags => Volatile.Read(ref _networkTags) ?? FindNetworkTags();

    /// <summary>
    /// What a value of a type is on the wire: <c>__be16</c>, <c>__be32</c>, <c>__be64</c>, <c>struct in_addr</c> and <c>struct in6_addr</c>,
    /// typedefs of them, and typedefs with a declaration tag <c>format:ipv4</c>, <c>format:ipv6</c> or <c>format:network</c>. A
    /// <c>__be32</c> is taken for an address unless its tag says that it is a number.
    /// </summary>
    /// <param name="id">The type.</param>
    public BtfNetworkType GetNetworkType(BtfTypeId id)
    {
        for (int steps = 0; steps < MaximumModifiers && Contains(id); steps++)
        {
            BtfType type = this[id];
            if (NetworkTags.OfType(type) is not BtfNetworkType.None and BtfNetworkType known) return known;
            if (!type.IsModifier && type.Kind is not (BtfKind.Typedef or BtfKind.Variable)) break;
            id = type.TypeId;
        }

        return BtfNetworkType.None;
    }

    /// <summary>What a member is on the wire: by a declaration tag of its own, or by its type.</summary>
    /// <param name="composite">The struct or union.</param>
    /// <param name="member">The number of the member.</param>
    /// <inheritdoc cref="GetNetworkType(BtfTypeId)"/>
    public BtfNetworkType GetNetworkType(BtfTypeId composite, int member)
    {
        BtfNetworkType tagged = NetworkTags.OfMember(composite, member);
        return tagged != BtfNetworkType.None ? tagged : GetNetworkType(this[composite].Members[member].TypeId);
    }

    private BtfNetworkTags FindNetworkTags()
    {
        // Two threads may find the same; the first is kept.
        BtfNetworkTags tags = BtfNetworkTags.Of(this);
        return Interlocked.CompareExchange(ref _networkTags, tags, null) ?? tags;
    }
}
