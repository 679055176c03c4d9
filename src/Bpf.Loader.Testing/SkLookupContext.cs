using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A packet for which a socket is looked up: <c>struct bpf_sk_lookup</c>.</summary>
public sealed class SkLookupContext : SocketContext
{
    // sk_lookup_is_valid_access of net/core/filter.c: programs from before 5.18 read remote_port as a number of 4 bytes.
    private static readonly ContextLayout Fields = new(
        "bpf_sk_lookup", 72,
        "sk:8p family:4 protocol:4 remote_ip4:4 remote_ip6:16 remote_port:2z @40 local_ip4:4 local_ip6:16 local_port:4 ingress_ifindex:4");

    /// <summary>Makes a context, all of whose members are 0.</summary>
    public SkLookupContext()
        : base(Fields)
    {
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.SkLookup;
}
