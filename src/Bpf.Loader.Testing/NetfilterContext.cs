using System;
using System.Buffers.Binary;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Packets;

namespace Bpf.Loader.Testing;

/// <summary>A packet at a hook of netfilter: <c>struct bpf_nf_ctx</c>, which points to the state of the hook and to the packet.</summary>
public sealed class NetfilterContext : FieldContext, IPacketContext
{
    private const int Headroom = 256;

    // enum nfproto of include/uapi/linux/netfilter.h.
    private const uint IPv4 = 2, IPv6 = 10;

    private static readonly ContextLayout Fields = new("bpf_nf_ctx", 16, "state:8p skb:8p");

    private readonly byte[] _frame;
    private PacketMemory? _packet;

    /// <summary>Makes a context.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <exception cref="ArgumentException">It is shorter than that header.</exception>
    public NetfilterContext(ReadOnlySpan<byte> packet)
        : base(Fields)
    {
        PacketLimits.Check(packet);
        _frame = packet.ToArray();
    }

    /// <summary>The state of the hook, a <c>nf_hook_state</c>; by default that of the first hook, with the protocol of the packet.</summary>
    public KernelObject? State { get; set; }

    /// <summary>The packet as an object, a <c>sk_buff</c>; by default one with its length.</summary>
    public KernelObject? SkBuff { get; set; }

    /// <summary>True when programs see the Ethernet header too, as in the kernel's test run; false, the default, as at its hooks.</summary>
    public bool StartsAtEthernetHeader { get; init; }

    /// <summary>The packet as programs see it: as it was given, and after a run what the program made of it.</summary>
    public ReadOnlySpan<byte> Packet => _packet is null ? Seen : _packet.Bytes;

    PacketMemory IPacketContext.Packet => _packet!;

    private ReadOnlySpan<byte> Seen => _frame.AsSpan(StartsAtEthernetHeader ? 0 : PacketLimits.EthernetHeader);

    private protected override void Create()
    {
        base.Create();
        _packet = new PacketMemory(Memory, Headroom, 0);
        _packet.Load(Seen);
    }

    // bpf_prog_test_run_nf of net/bpf/test_run.c.
    private protected override void Begin()
    {
        State ??= Machine.Kernel.New("nf_hook_state", state => state["pf"] = BinaryPrimitives.ReadUInt16BigEndian(_frame.AsSpan(12)) == 0x86dd ? IPv6 : IPv4);
        SkBuff ??= Machine.Kernel.New("sk_buff", packet => packet["len"] = (uint)_packet!.Length);
        this["state"] = State.Address;
        this["skb"] = SkBuff.Address;
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.Netfilter;
}
