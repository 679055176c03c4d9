namespace Bpf.Loader.Classic;

/// <summary>
/// What a load at <c>SKF_AD_OFF</c> gives instead of bytes of the packet; the value is the offset from there
/// (<c>include/uapi/linux/filter.h</c>).
/// </summary>
public enum ClassicExtension : uint
{
    /// <summary>SKF_AD_PROTOCOL, <c>proto</c>: the type of the frame.</summary>
    Protocol = 0,

    /// <summary>SKF_AD_PKTTYPE, <c>type</c>: whom the packet is for.</summary>
    PacketType = 4,

    /// <summary>SKF_AD_IFINDEX, <c>ifidx</c>: the device.</summary>
    Interface = 8,

    /// <summary>SKF_AD_NLATTR, <c>nla</c>: the offset of the netlink attribute of type X from offset A on.</summary>
    NetlinkAttribute = 12,

    /// <summary>SKF_AD_NLATTR_NEST, <c>nlan</c>: the offset of the netlink attribute of type X within that at offset A.</summary>
    NestedNetlinkAttribute = 16,

    /// <summary>SKF_AD_MARK, <c>mark</c>: the mark.</summary>
    Mark = 20,

    /// <summary>SKF_AD_QUEUE, <c>queue</c>: the queue of the device.</summary>
    Queue = 24,

    /// <summary>SKF_AD_HATYPE, <c>hatype</c>: the kind of the device.</summary>
    HardwareType = 28,

    /// <summary>SKF_AD_RXHASH, <c>rxhash</c>: the hash of the flow.</summary>
    Hash = 32,

    /// <summary>SKF_AD_CPU, <c>cpu</c>: the CPU.</summary>
    Cpu = 36,

    /// <summary>SKF_AD_ALU_XOR_X, <c>xor_x</c>: A xor X.</summary>
    Xor = 40,

    /// <summary>SKF_AD_VLAN_TAG, <c>vlan_tci</c>: the VLAN tag that the device took off.</summary>
    VlanTag = 44,

    /// <summary>SKF_AD_VLAN_TAG_PRESENT, <c>vlan_avail</c>: 1 when the device took a VLAN tag off.</summary>
    VlanPresent = 48,

    /// <summary>SKF_AD_PAY_OFFSET, <c>poff</c>: the offset of what follows the headers that the kernel knows.</summary>
    PayloadOffset = 52,

    /// <summary>SKF_AD_RANDOM, <c>rand</c>: a random number (3.16).</summary>
    Random = 56,

    /// <summary>SKF_AD_VLAN_TPID, <c>vlan_tpid</c>: the type of the VLAN tag that the device took off (4.1).</summary>
    VlanProtocol = 60,
}
