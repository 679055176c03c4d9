namespace Bpf.Loader.Objects;

/// <summary>How a program is attached when its section name says where to.</summary>
public enum AttachKind
{
    /// <summary>Not from the section name: the caller says where to (a device, a cgroup, a map, a socket), or runs it.</summary>
    None,

    /// <summary>A kprobe at a kernel function: <c>func[+offset]</c>.</summary>
    Kprobe,

    /// <summary>A kprobe at the return of a kernel function: <c>func</c>.</summary>
    Kretprobe,

    /// <summary>Kprobes at all functions that match a pattern, by one link.</summary>
    KprobeMulti,

    /// <summary>Kprobes at the return of all functions that match a pattern, by one link.</summary>
    KretprobeMulti,

    /// <summary>Entry and return of all functions that match a pattern, in one program.</summary>
    KprobeSession,

    /// <summary>A kprobe at the handler of a system call, whatever this architecture calls it.</summary>
    Ksyscall,

    /// <summary>A kprobe at the return of the handler of a system call.</summary>
    Kretsyscall,

    /// <summary>A uprobe at a function of a program or library: <c>path:func[+offset]</c>.</summary>
    Uprobe,

    /// <summary>A uprobe at the return of a function of a program or library: <c>path:func</c>.</summary>
    Uretprobe,

    /// <summary>Uprobes at all functions of a file that match a pattern, by one link.</summary>
    UprobeMulti,

    /// <summary>Uprobes at the return of all functions of a file that match a pattern, by one link.</summary>
    UretprobeMulti,

    /// <summary>Entry and return of all functions of a file that match a pattern, in one program.</summary>
    UprobeSession,

    /// <summary>A user-space static probe: <c>path:provider:name</c>.</summary>
    Usdt,

    /// <summary>A tracepoint: <c>category/name</c>.</summary>
    Tracepoint,

    /// <summary>A raw tracepoint: <c>name</c>.</summary>
    RawTracepoint,

    /// <summary>A tracepoint with typed arguments: <c>name</c>.</summary>
    BtfTracepoint,

    /// <summary>The entry, exit or return value of a kernel function, by a trampoline: <c>[module:]func</c>.</summary>
    Trampoline,

    /// <summary>The entry or exit of many kernel functions, by trampolines: <c>[module:]pattern</c>.</summary>
    TrampolineMulti,

    /// <summary>A global function of another BPF program, which is replaced.</summary>
    Replace,

    /// <summary>A hook of the security modules: its name.</summary>
    Lsm,

    /// <summary>An iterator over kernel objects: their name.</summary>
    Iterator,

    /// <summary>By the struct_ops map that names the program.</summary>
    StructOps,
}
