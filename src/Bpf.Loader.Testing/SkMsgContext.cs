using System;
using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>Data that a process sends by a socket: <c>struct sk_msg_md</c>.</summary>
public sealed class SkMsgContext : SocketContext, IPacketContext
{
    private static readonly ContextLayout Fields = new(
        "sk_msg_md", 80, "data:8p data_end:8p family:4 remote_ip4:4 local_ip4:4 remote_ip6:16 local_ip6:16 remote_port:4 local_port:4 size:4 sk:8p");

    private byte[] _data;
    private PacketMemory? _packet;

    /// <summary>Makes a context.</summary>
    public SkMsgContext(ReadOnlySpan<byte> data)
        : base(Fields) => _data = data.ToArray();

    /// <summary>The data as the program left it.</summary>
    public ReadOnlySpan<byte> Data => _packet is null ? _data : _packet.Bytes;

    PacketMemory IPacketContext.Packet => _packet!;

    private protected override void Create()
    {
        base.Create();
        _packet = new PacketMemory(Memory, 0, 0);
        _packet.Load(_data);
    }

    private protected override void Release()
    {
        _data = Data.ToArray();
        base.Release();
        _packet = null;
    }

    private protected override void Begin()
    {
        base.Begin();
        this["data"] = _packet!.Data;
        this["data_end"] = _packet.DataEnd;
        this["size"] = (uint)_packet.Length;
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.SkMsg;
}
