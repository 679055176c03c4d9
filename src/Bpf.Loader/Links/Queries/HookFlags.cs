using System;

namespace Bpf.Loader.Links.Queries;

/// <summary>How programs share a hook: <c>BPF_F_*</c> of the uapi.</summary>
[Flags]
public enum HookFlags : uint
{
    /// <summary>None: of a cgroup, the one program of which those below cannot have another.</summary>
    None = 0,

    /// <summary><c>BPF_F_ALLOW_OVERRIDE</c>: cgroups below may have another program instead.</summary>
    AllowOverride = 1 << 0,

    /// <summary><c>BPF_F_ALLOW_MULTI</c>: others may be attached beside it, here and below.</summary>
    AllowMulti = 1 << 1,

    /// <summary><c>BPF_F_PREORDER</c>: it runs before the programs of the cgroups below (6.15).</summary>
    PreOrder = 1 << 6,
}
