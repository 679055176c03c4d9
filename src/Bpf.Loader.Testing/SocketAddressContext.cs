using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>An address that a program binds to, connects to, sends to or is told: <c>struct bpf_sock_addr</c>.</summary>
public sealed class SocketAddressContext : SocketContext
{
    private static readonly ContextLayout Fields = new(
        "bpf_sock_addr", 72,
        "user_family:4 user_ip4:4w user_ip6:16w user_port:4w family:4 type:4 protocol:4 msg_src_ip4:4w msg_src_ip6:16w @64 sk:8p");

    /// <summary>Makes a context, all of whose members are 0.</summary>
    public SocketAddressContext()
        : base(Fields)
    {
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.CgroupSockAddr;
}
