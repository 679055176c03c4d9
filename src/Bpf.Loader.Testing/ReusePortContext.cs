using System;
using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A packet for which one of several sockets is chosen: <c>struct sk_reuseport_md</c>.</summary>
public sealed class ReusePortContext : SocketContext, IPacketContext
{
    private static readonly ContextLayout Fields = new(
        "sk_reuseport_md", 56, "data:8p data_end:8p len:4 eth_protocol:4 ip_protocol:4 bind_inany:4 hash:4 @40 sk:8p migrating_sk:8p");

    private readonly byte[] _data;
    private PacketMemory? _packet;

    /// <summary>Makes a context.</summary>
    /// <param name="packet">The packet from the header of TCP or UDP on.</param>
    public ReusePortContext(ReadOnlySpan<byte> packet)
        : base(Fields) => _data = packet.ToArray();

    PacketMemory IPacketContext.Packet => _packet!;

    private protected override void Create()
    {
        base.Create();
        _packet = new PacketMemory(Memory, 0, 0) { IsWritable = false };
        _packet.Load(_data);
    }

    private protected override void Begin()
    {
        base.Begin();
        this["data"] = _packet!.Data;
        this["data_end"] = _packet.DataEnd;
        this["len"] = (uint)_packet.Length;
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.SkReusePort;
}
