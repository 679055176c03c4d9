namespace Bpf.Loader.Links.Queries;

/// <summary>What a descriptor of a process holds: <c>enum bpf_task_fd_type</c>.</summary>
public enum TaskAttachmentKind : uint
{
    /// <summary><c>BPF_FD_TYPE_RAW_TRACEPOINT</c>.</summary>
    RawTracepoint = 0,

    /// <summary><c>BPF_FD_TYPE_TRACEPOINT</c>.</summary>
    Tracepoint = 1,

    /// <summary><c>BPF_FD_TYPE_KPROBE</c>.</summary>
    Kprobe = 2,

    /// <summary><c>BPF_FD_TYPE_KRETPROBE</c>.</summary>
    Kretprobe = 3,

    /// <summary><c>BPF_FD_TYPE_UPROBE</c>.</summary>
    Uprobe = 4,

    /// <summary><c>BPF_FD_TYPE_URETPROBE</c>.</summary>
    Uretprobe = 5,
}
