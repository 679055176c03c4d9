using System;

namespace Bpf.Loader;

/// <summary>Flags of a map at its creation: the <c>BPF_F_*</c> bits of <c>map_flags</c>.</summary>
[Flags]
public enum BpfMapFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>BPF_F_NO_PREALLOC</c>: entries are allocated when they are added (4.6).</summary>
    NoPrealloc = 1u << 0,

    /// <summary><c>BPF_F_NO_COMMON_LRU</c>: a list of least recently used entries for each CPU (4.10).</summary>
    NoCommonLru = 1u << 1,

    /// <summary><c>BPF_F_NUMA_NODE</c>: memory on the given NUMA node (4.14).</summary>
    NumaNode = 1u << 2,

    /// <summary><c>BPF_F_RDONLY</c>: user space may only read through the descriptor (4.15).</summary>
    ReadOnly = 1u << 3,

    /// <summary><c>BPF_F_WRONLY</c>: user space may only write through the descriptor (4.15).</summary>
    WriteOnly = 1u << 4,

    /// <summary><c>BPF_F_STACK_BUILD_ID</c>: stack traces as build id and offset (4.17).</summary>
    StackBuildId = 1u << 5,

    /// <summary><c>BPF_F_ZERO_SEED</c>: hash seed of zero, for tests (5.0).</summary>
    ZeroSeed = 1u << 6,

    /// <summary><c>BPF_F_RDONLY_PROG</c>: programs may only read (5.2).</summary>
    ReadOnlyProgram = 1u << 7,

    /// <summary><c>BPF_F_WRONLY_PROG</c>: programs may only write (5.2).</summary>
    WriteOnlyProgram = 1u << 8,

    /// <summary><c>BPF_F_CLONE</c>: a cloned socket inherits its storage (5.4).</summary>
    Clone = 1u << 9,

    /// <summary><c>BPF_F_MMAPABLE</c>: the values can be mapped into user space (5.5).</summary>
    Mmapable = 1u << 10,

    /// <summary><c>BPF_F_PRESERVE_ELEMS</c>: perf events stay when the descriptor that set them is closed (5.11).</summary>
    PreserveElements = 1u << 11,

    /// <summary><c>BPF_F_INNER_MAP</c>: may be an inner map with another number of entries (5.10).</summary>
    InnerMap = 1u << 12,

    /// <summary><c>BPF_F_LINK</c>: a struct_ops map that is attached by a link (6.4).</summary>
    Link = 1u << 13,

    /// <summary><c>BPF_F_PATH_FD</c>: a path is relative to the given directory descriptor (6.5).</summary>
    PathFd = 1u << 14,

    /// <summary><c>BPF_F_VTYPE_BTF_OBJ_FD</c>: the value type is in a module's BTF (6.9).</summary>
    VtypeBtfObjFd = 1u << 15,

    /// <summary><c>BPF_F_TOKEN_FD</c>: a BPF token is given (6.9).</summary>
    TokenFd = 1u << 16,

    /// <summary><c>BPF_F_SEGV_ON_FAULT</c>: an arena page that is absent raises SIGSEGV (6.9).</summary>
    SegvOnFault = 1u << 17,

    /// <summary><c>BPF_F_NO_USER_CONV</c>: arena pointers are not translated to user addresses (6.9).</summary>
    NoUserConv = 1u << 18,

    /// <summary><c>BPF_F_RB_OVERWRITE</c>: a full ring buffer overwrites its oldest records (6.19).</summary>
    RingBufOverwrite = 1u << 19,
}
