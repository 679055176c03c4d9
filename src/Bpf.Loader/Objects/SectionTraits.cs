using System;

namespace Bpf.Loader.Objects;

/// <summary>What else a section name says about its programs.</summary>
[Flags]
public enum SectionTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The expected attach type is left out on kernels that do not know the field (before 4.17).</summary>
    AttachTypeOptional = 1,

    /// <summary>The attach type can be used with the older attach command.</summary>
    Attachable = 2,

    /// <summary>The load needs the BTF id of what the program attaches to.</summary>
    NeedsTarget = 4,

    /// <summary>The program may sleep: it is loaded with <see cref="BpfProgramFlags.Sleepable"/>.</summary>
    Sleepable = 8,

    /// <summary>The program handles packets of several buffers: it is loaded with <see cref="BpfProgramFlags.XdpHasFrags"/>.</summary>
    XdpFrags = 16,

    /// <summary>A user-space static probe: the attach type is uprobe-multi where the kernel has it (6.6).</summary>
    Usdt = 32,
}
