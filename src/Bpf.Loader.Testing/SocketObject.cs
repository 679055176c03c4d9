using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A socket as programs of the network see it: <c>struct bpf_sock</c>.</summary>
public sealed class SocketObject : FieldContext
{
    // bpf_sock_is_valid_access of net/core/filter.c: programs from before 5.17 read dst_port as a number of 4 bytes.
    internal static readonly ContextLayout BpfSock = new(
        "bpf_sock", 80,
        "bound_dev_if:4w family:4 type:4 protocol:4 mark:4w priority:4w src_ip4:4 src_ip6:16 src_port:4 dst_port:2z @52 dst_ip4:4 dst_ip6:16 state:4 rx_queue_mapping:4");

    /// <summary>Makes a socket; its members are set by their names.</summary>
    public SocketObject()
        : base(BpfSock)
    {
    }

    /// <summary>The cookie that <c>bpf_get_socket_cookie</c> gives.</summary>
    public ulong Cookie { get; set; } = 1;

    /// <summary>The cgroup of the socket.</summary>
    public ulong CgroupId { get; set; }

    /// <summary>The user that made it.</summary>
    public uint UserId { get; set; }

    /// <summary>What TCP keeps of it, for <c>bpf_tcp_sock</c>; null for other sockets.</summary>
    public TcpSocketObject? Tcp { get; set; }

    internal new ulong Enter(BpfMachine machine)
    {
        base.Enter(machine);
        return Address;
    }
}
