using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>What TCP keeps of a socket, as programs see it: <c>struct bpf_tcp_sock</c>. Its members are set by their names.</summary>
public sealed class TcpSocketObject : FieldContext
{
    private static readonly ContextLayout Fields = new(
        "bpf_tcp_sock", 120,
        "snd_cwnd:4 srtt_us:4 rtt_min:4 snd_ssthresh:4 rcv_nxt:4 snd_nxt:4 snd_una:4 mss_cache:4 ecn_flags:4 rate_delivered:4 rate_interval_us:4 packets_out:4 "
        + "retrans_out:4 total_retrans:4 segs_in:4 data_segs_in:4 segs_out:4 data_segs_out:4 lost_out:4 sacked_out:4 bytes_received:8 bytes_acked:8 dsack_dups:4 "
        + "delivered:4 delivered_ce:4 icsk_retransmits:4");

    /// <summary>Makes it.</summary>
    public TcpSocketObject()
        : base(Fields)
    {
    }

    internal new ulong Enter(BpfMachine machine)
    {
        base.Enter(machine);
        return Address;
    }
}
