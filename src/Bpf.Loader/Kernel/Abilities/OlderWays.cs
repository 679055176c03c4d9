namespace Bpf.Loader.Kernel.Abilities;

/// <summary>What does the same, or nearly, on kernels that are too old for something.</summary>
internal static class OlderWays
{
    /// <summary>Instead of a type of programs.</summary>
    public static string? Of(BpfProgramType type) => type switch
    {
        BpfProgramType.Syscall => "What user space runs by itself can be a socket filter on older kernels, run by TestRun.",
        BpfProgramType.Netfilter => "Filter in tc (SEC(\"tc\")) or XDP (SEC(\"xdp\")) there.",
        BpfProgramType.SkLookup => "Choose the socket in SEC(\"sk_reuseport\") there.",
        BpfProgramType.Lsm => "Watch the same function by SEC(\"fentry/security_...\") or a kprobe there; nothing but this refuses.",
        BpfProgramType.Tracing => "Use SEC(\"kprobe/...\") or SEC(\"raw_tp/...\") there.",
        _ => null,
    };

    /// <summary>Instead of a type of maps.</summary>
    public static string? Of(BpfMapType type) => type switch
    {
        BpfMapType.RingBuf => "A perf buffer (BPF_MAP_TYPE_PERF_EVENT_ARRAY) does on older kernels.",
        BpfMapType.TaskStorage or BpfMapType.InodeStorage or BpfMapType.CgrpStorage or BpfMapType.SkStorage => "A hash map by the object's id does on older kernels; its entries are for the program to remove.",
        BpfMapType.BloomFilter => "A hash map of the elements does on older kernels, and takes more memory.",
        BpfMapType.UserRingBuf => "A queue (BPF_MAP_TYPE_QUEUE) that user space pushes into does on older kernels.",
        BpfMapType.Arena => "An array with BPF_F_MMAPABLE shares memory on older kernels.",
        BpfMapType.InsnArray => "Compile without jump tables (-fno-jump-tables, or -mcpu=v3).",
        BpfMapType.RHash => "BPF_MAP_TYPE_HASH with BPF_F_NO_PREALLOC does on older kernels.",
        _ => null,
    };

    /// <summary>Instead of a type of attachment.</summary>
    public static string? Of(BpfAttachType type) => type switch
    {
        BpfAttachType.SkSkbVerdict => "SEC(\"sk_skb/stream_verdict\") does on older kernels.",
        BpfAttachType.TraceKprobeMulti => "Attach a program of SEC(\"kprobe\") to one function after the other there.",
        BpfAttachType.TraceKprobeSession => "Use two programs there, of SEC(\"kprobe.multi\") and SEC(\"kretprobe.multi\").",
        BpfAttachType.TraceUprobeMulti => "Attach a program of SEC(\"uprobe\") to one function after the other there.",
        BpfAttachType.TraceUprobeSession => "Use two programs there, of SEC(\"uprobe.multi\") and SEC(\"uretprobe.multi\").",
        BpfAttachType.TcxIngress or BpfAttachType.TcxEgress => "AttachTc attaches the same program by clsact there.",
        BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer => "Use a veth pair there, and AttachTc.",
        BpfAttachType.LsmCgroup => "SEC(\"lsm/...\") with a test of bpf_get_current_cgroup_id() does on older kernels.",
        BpfAttachType.CgroupUnixConnect => "SEC(\"lsm/unix_stream_connect\") sees the same call on older kernels.",
        BpfAttachType.CgroupUnixSendMsg => "SEC(\"lsm/unix_may_send\") sees the same call on older kernels.",
        BpfAttachType.SkReusePortSelectOrMigrate => "SEC(\"sk_reuseport\") does on older kernels, without migration.",
        BpfAttachType.XdpCpuMap or BpfAttachType.XdpDevMap => "Redirect to a map with values of 4 bytes, which hold no program, there.",
        BpfAttachType.TraceFSession or BpfAttachType.TraceFSessionMulti => "Use two programs there, of SEC(\"fentry\") and SEC(\"fexit\").",
        BpfAttachType.TraceFEntryMulti or BpfAttachType.TraceFExitMulti => "SEC(\"kprobe.multi\") and SEC(\"kretprobe.multi\") do on older kernels.",
        BpfAttachType.PerfEvent => "PerfAttachWay.IoControl attaches without a link.",
        _ => null,
    };

    /// <summary>Instead of a flag of programs.</summary>
    public static string? Of(BpfProgramFlags flag) => flag switch
    {
        BpfProgramFlags.XdpHasFrags => "SEC(\"xdp\") does on older kernels; it gets packets of one buffer alone.",
        BpfProgramFlags.Sleepable => "Leave the .s out of its section name, and do without helpers that may sleep.",
        _ => null,
    };

    /// <summary>Instead of a flag of maps.</summary>
    public static string? Of(BpfMapFlags flag) => flag switch
    {
        BpfMapFlags.Mmapable => "Read and write it by system calls there.",
        BpfMapFlags.Link => "SEC(\".struct_ops\"), which is registered without a link, does on older kernels.",
        BpfMapFlags.InnerMap => "Give all inner maps the same max_entries there.",
        BpfMapFlags.RingBufOverwrite => "A perf buffer that is read backwards keeps the newest records there.",
        _ => null,
    };
}
