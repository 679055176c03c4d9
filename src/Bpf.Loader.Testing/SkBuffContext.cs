using System;
using System.Buffers.Binary;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Packets;

namespace Bpf.Loader.Testing;

/// <summary>A packet in the network stack: <c>struct __sk_buff</c>, of tc, socket filters, cgroups, lightweight tunnels and flow dissectors.</summary>
public sealed class SkBuffContext : FieldContext, IPacketContext
{
    private const int Headroom = 256, Tailroom = 2048, EthernetHeader = PacketLimits.EthernetHeader;

    // include/uapi/linux/bpf.h; which members may be written: tc_cls_act_is_valid_access of net/core/filter.c.
    private static readonly ContextLayout SkBuff = new(
        "__sk_buff", 192,
        "len:4 pkt_type:4 mark:4w queue_mapping:4w protocol:4 vlan_present:4 vlan_tci:4 vlan_proto:4 priority:4w ingress_ifindex:4 ifindex:4 "
        + "tc_index:4w cb:20w hash:4 tc_classid:4w data:4p data_end:4p napi_id:4 family:4 remote_ip4:4 local_ip4:4 remote_ip6:16 local_ip6:16 "
        + "remote_port:4 local_port:4 data_meta:4p flow_keys:8p tstamp:8w wire_len:4 gso_segs:4 sk:8p gso_size:4 tstamp_type:1 @184 hwtstamp:8");

    private SkBuffAccess? _access;
    private PacketMemory? _packet;
    private byte[] _data;
    private int _loadedSkip;

    /// <summary>Makes a context.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <exception cref="ArgumentException">It is shorter than that header.</exception>
    public SkBuffContext(ReadOnlySpan<byte> packet)
        : this(packet, isCaptured: false)
    {
    }

    private SkBuffContext(ReadOnlySpan<byte> packet, bool isCaptured)
        : base(SkBuff)
    {
        if (!isCaptured) PacketLimits.Check(packet);
        _data = packet.ToArray();
        Interface = 1;
        Classify(packet);
    }

    /// <summary>
    /// The packet from its Ethernet header on: before a run what the program will see, afterwards what it made of it. Another packet has
    /// the protocol, the type and the length that are found in it.
    /// </summary>
    /// <exception cref="ArgumentException">It is shorter than an Ethernet header.</exception>
    public ReadOnlySpan<byte> Packet
    {
        get => _packet is null ? _data : _packet.Raw(_packet.Start - _loadedSkip, _packet.Length + _loadedSkip);
        set
        {
            PacketLimits.Check(value);
            _data = value.ToArray();
            Classify(value);
            this["wire_len"] = 0;
            if (_packet is not null) Load();
        }
    }

    /// <summary>
    /// True when programs see the packet from its network header on, as cgroups and socket filters of TCP and UDP sockets do; false, the
    /// default, when they see the Ethernet header.
    /// </summary>
    public bool StartsAtNetworkHeader { get; set; }

    /// <summary>The type of the packet's Ethernet frame, in the machine's byte order; found in the packet by default.</summary>
    public ushort Protocol
    {
        get => BinaryPrimitives.ReverseEndianness((ushort)this["protocol"]);
        set => this["protocol"] = BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>The index of the device; 1 by default, which is the loopback device.</summary>
    public uint Interface { get => (uint)this["ifindex"]; set => this["ifindex"] = value; }

    /// <summary>The index of the device that it came from.</summary>
    public uint IngressInterface { get => (uint)this["ingress_ifindex"]; set => this["ingress_ifindex"] = value; }

    /// <summary>The mark.</summary>
    public uint Mark { get => (uint)this["mark"]; set => this["mark"] = value; }

    /// <summary>The priority.</summary>
    public uint Priority { get => (uint)this["priority"]; set => this["priority"] = value; }

    /// <summary>The cgroup of the packet's socket, for <c>bpf_skb_cgroup_id</c>; 0 for none.</summary>
    public ulong CgroupId { get; set; }

    /// <summary>The socket; null for none. Its address is what <c>sk</c> points to.</summary>
    public SocketObject? Socket { get; set; }

    /// <summary>What programs see of the packet.</summary>
    internal ReadOnlySpan<byte> Seen => _packet!.Bytes;

    PacketMemory IPacketContext.Packet => _packet!;

    private int Skipped => StartsAtNetworkHeader ? EthernetHeader : 0;

    private protected override void Create()
    {
        base.Create();
        _packet = new PacketMemory(Memory, Headroom, Tailroom);
        Load();
    }

    private protected override void Release()
    {
        _data = Packet.ToArray();
        base.Release();
        _packet = null;
        _loadedSkip = 0;
    }

    private protected override void Begin()
    {
        // The start may have been chosen after the packet was loaded, and the program may be of another type than the one before.
        int mac = _packet!.Start - _loadedSkip;
        _access = SkBuffAccess.Of(ProgramType, Layout);
        bool isWritable = SkBuffAccess.WritesPacket(ProgramType);
        bool isOther = _loadedSkip != Skipped || _packet.IsWritable != isWritable;
        _packet.IsWritable = isWritable;
        if (isOther) _packet.Move(mac + Skipped, mac + Skipped, _packet.End);
        _loadedSkip = Skipped;
        Point();
        Point(168, Socket?.Enter(Machine) ?? 0);
    }

    internal override string Name => ProgramType is { } type ? $"{base.Name} of a {type} program" : base.Name;

    internal override bool TryLoad(ulong address, uint offset, uint size, out ulong value)
    {
        value = 0;
        return _access!.IsRead(offset) && base.TryLoad(address, offset, size, out value);
    }

    internal override bool TryStore(ulong address, uint offset, uint size, ulong value) => _access!.IsWritten(offset) && base.TryStore(address, offset, size, value);

    internal override unsafe byte* PacketBytes(int offset, int size)
    {
        // SKF_NET_OFF and SKF_LL_OFF of include/uapi/linux/filter.h.
        const int NetworkOffset = -0x100000, LinkOffset = -0x200000;
        if (offset >= 0) return _packet!.Find(offset, size);
        if (offset >= NetworkOffset) return _packet!.Find(offset - NetworkOffset + EthernetHeader - Skipped, size);
        long at = (long)offset - LinkOffset;
        if (at < 0 || at + size > _packet!.Length + Skipped) return null;
        // What was skipped is before the region, in the same buffer.
        byte* first = _packet.Find(0, 0);
        return first is null ? null : first - Skipped + at;
    }

    /// <summary>Makes a context of what was caught on some link, which classic filters see at any length.</summary>
    internal static SkBuffContext OfCapture(ReadOnlySpan<byte> packet) => new(packet, isCaptured: true);

    /// <summary>Changes the bounds of the packet, and the pointers with them.</summary>
    internal void Move(int start, int end)
    {
        _packet!.Move(start, start, end);
        Point();
    }

    internal void Point()
    {
        WriteNumber(Bytes, 0, 4, (uint)_packet!.Length);
        Point(76, _packet.Data);
        Point(80, _packet.DataEnd);
        Point(140, _packet.DataMeta);
        if (ReadNumber(Bytes, 160, 4) == 0) WriteNumber(Bytes, 160, 4, (uint)_packet.Length);
    }

    private void Load()
    {
        _packet!.Load(_data, _data.Length + 1024);
        _loadedSkip = 0;
    }

    private void Classify(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < EthernetHeader) return;
        Protocol = BinaryPrimitives.ReadUInt16BigEndian(packet[12..]);
        // eth_type_trans: whom the packet is for, seen from the loopback device, whose address is zero.
        this["pkt_type"] = PacketTypeOf(packet[..6]);
    }

    private static ulong PacketTypeOf(ReadOnlySpan<byte> destination)
    {
        const ulong Host = 0, Broadcast = 1, Multicast = 2, OtherHost = 3;
        if (destination.IndexOfAnyExcept((byte)0xff) < 0) return Broadcast;
        return (destination[0] & 1) != 0 ? Multicast : destination.IndexOfAnyExcept((byte)0) < 0 ? Host : OtherHost;
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.LwtIn
        or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local or BpfProgramType.FlowDissector or BpfProgramType.SkSkb;
}
