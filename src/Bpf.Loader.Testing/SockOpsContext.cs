using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>An event of a TCP connection: <c>struct bpf_sock_ops</c>.</summary>
public sealed class SockOpsContext : SocketContext
{
    private static readonly ContextLayout Fields = new(
        "bpf_sock_ops", 232,
        "op:4 reply:4w args1:4 args2:4 args3:4 family:4 remote_ip4:4 local_ip4:4 remote_ip6:16 local_ip6:16 remote_port:4 local_port:4 is_fullsock:4 snd_cwnd:4 srtt_us:4 bpf_sock_ops_cb_flags:4 state:4 rtt_min:4 snd_ssthresh:4 rcv_nxt:4 snd_nxt:4 snd_una:4 mss_cache:4 ecn_flags:4 rate_delivered:4 rate_interval_us:4 packets_out:4 retrans_out:4 total_retrans:4 segs_in:4 data_segs_in:4 segs_out:4 data_segs_out:4 lost_out:4 sacked_out:4 sk_txhash:4w bytes_received:8 bytes_acked:8 sk:8p skb_data:8p skb_data_end:8p skb_len:4 skb_tcp_flags:4 skb_hwtstamp:8");

    /// <summary>Makes a context, all of whose members are 0.</summary>
    public SockOpsContext()
        : base(Fields)
    {
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.SockOps;
}
