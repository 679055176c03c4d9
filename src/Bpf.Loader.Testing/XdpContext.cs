using System;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Packets;

namespace Bpf.Loader.Testing;

/// <summary>A packet as it comes from a device: <c>struct xdp_md</c>.</summary>
public sealed class XdpContext : FieldContext, IPacketContext
{
    // XDP_PACKET_HEADROOM; struct xdp_frame and struct skb_shared_info take room at both ends; test runs have a page.
    private const int Headroom = 256, FrameSize = 40, SharedInfoSize = 320, PageSize = 4096, EthernetHeader = PacketLimits.EthernetHeader;

    private static readonly ContextLayout XdpMd = new("xdp_md", 24, "data:4p data_end:4p data_meta:4p ingress_ifindex:4 rx_queue_index:4 egress_ifindex:4");

    private PacketMemory? _packet;
    private byte[] _data, _metadata = [];

    /// <summary>Makes a context.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <exception cref="ArgumentException">It is shorter than that header.</exception>
    public XdpContext(ReadOnlySpan<byte> packet)
        : base(XdpMd)
    {
        PacketLimits.Check(packet);
        _data = packet.ToArray();
        IngressInterface = 1;
    }

    /// <summary>The packet: before a run what the program will see, afterwards what it made of it.</summary>
    /// <exception cref="ArgumentException">It is shorter than an Ethernet header.</exception>
    public ReadOnlySpan<byte> Packet
    {
        get => _packet is null ? _data : _packet.Bytes;
        set
        {
            PacketLimits.Check(value);
            _data = value.ToArray();
            _packet?.Load(value, PageSize - Headroom - SharedInfoSize);
        }
    }

    /// <summary>The metadata before the packet.</summary>
    public ReadOnlySpan<byte> Metadata => _packet is null ? _metadata : _packet.Metadata;

    /// <summary>The index of the device that it came from; 1 by default, which is the loopback device.</summary>
    public uint IngressInterface { get => (uint)this["ingress_ifindex"]; set => this["ingress_ifindex"] = value; }

    /// <summary>The receive queue.</summary>
    public uint ReceiveQueue { get => (uint)this["rx_queue_index"]; set => this["rx_queue_index"] = value; }

    /// <summary>The device that it goes to, for programs of device maps.</summary>
    public uint EgressInterface { get => (uint)this["egress_ifindex"]; set => this["egress_ifindex"] = value; }

    PacketMemory IPacketContext.Packet => _packet!;

    private protected override void Create()
    {
        base.Create();
        _packet = new PacketMemory(Memory, Headroom, SharedInfoSize);
        _packet.Load(_data, PageSize - Headroom - SharedInfoSize);
    }

    private protected override void Release()
    {
        (_data, _metadata) = (Packet.ToArray(), Metadata.ToArray());
        base.Release();
        _packet = null;
    }

    private protected override void Begin() => Point();

    internal override unsafe byte* PacketBytes(int offset, int size) => _packet!.Find(offset, size);

    // bpf_xdp_adjust_head of net/core/filter.c.
    internal long AdjustHead(int offset)
    {
        int metadata = _packet!.Start - _packet.Meta;
        long start = (long)_packet.Start + offset;
        if (start < FrameSize + metadata || start > _packet.End - EthernetHeader) return Error.Invalid;
        if (metadata != 0) _packet.Raw(_packet.Meta, metadata).CopyTo(_packet.Raw(_packet.Meta + offset, metadata));
        _packet.Move(_packet.Meta + offset, (int)start, _packet.End);
        Point();
        return 0;
    }

    // bpf_xdp_adjust_meta.
    internal long AdjustMeta(int offset)
    {
        long meta = (long)_packet!.Meta + offset;
        if (meta < FrameSize || meta > _packet.Start) return Error.Invalid;
        long length = _packet.Start - meta;
        if (length % 4 != 0 || length > 252) return Error.AccessDenied;
        _packet.Move((int)meta, _packet.Start, _packet.End);
        Point();
        return 0;
    }

    // bpf_xdp_adjust_tail.
    internal long AdjustTail(int offset)
    {
        long end = (long)_packet!.End + offset;
        if (end > _packet.Limit || end < _packet.Start + EthernetHeader) return Error.Invalid;
        if (offset > 0) _packet.Raw(_packet.End, offset).Clear();
        _packet.Move(_packet.Meta, _packet.Start, (int)end);
        Point();
        return 0;
    }

    private void Point()
    {
        Point(0, _packet!.Data);
        Point(4, _packet.DataEnd);
        Point(8, _packet.DataMeta);
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.Xdp;
}
