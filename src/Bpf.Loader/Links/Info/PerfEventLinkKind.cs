namespace Bpf.Loader.Links.Info;

/// <summary>What a perf event with a program is: <c>enum bpf_perf_event_type</c>.</summary>
public enum PerfEventLinkKind : uint
{
    /// <summary><c>BPF_PERF_EVENT_UNSPEC</c>: the kernel does not tell.</summary>
    Unspecified = 0,

    /// <summary><c>BPF_PERF_EVENT_UPROBE</c>: the entry of a user function.</summary>
    Uprobe = 1,

    /// <summary><c>BPF_PERF_EVENT_URETPROBE</c>: the return of a user function.</summary>
    Uretprobe = 2,

    /// <summary><c>BPF_PERF_EVENT_KPROBE</c>: the entry of a kernel function.</summary>
    Kprobe = 3,

    /// <summary><c>BPF_PERF_EVENT_KRETPROBE</c>: the return of a kernel function.</summary>
    Kretprobe = 4,

    /// <summary><c>BPF_PERF_EVENT_TRACEPOINT</c>: a tracepoint.</summary>
    Tracepoint = 5,

    /// <summary><c>BPF_PERF_EVENT_EVENT</c>: an event that is counted or sampled.</summary>
    Event = 6,
}
