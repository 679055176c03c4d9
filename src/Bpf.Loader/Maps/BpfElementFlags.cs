using System;

namespace Bpf.Loader.Maps;

/// <summary>Flags of a look-up or update of one entry: the <c>flags</c> of the element commands.</summary>
[Flags]
public enum BpfElementFlags : ulong
{
    /// <summary><c>BPF_ANY</c>: add or replace.</summary>
    Any = 0,

    /// <summary><c>BPF_NOEXIST</c>: only add.</summary>
    NoExist = 1,

    /// <summary><c>BPF_EXIST</c>: only replace.</summary>
    Exist = 2,

    /// <summary><c>BPF_F_LOCK</c>: under the value's <c>bpf_spin_lock</c> (5.1).</summary>
    Lock = 4,

    /// <summary><c>BPF_F_CPU</c>: the value of one CPU, whose number is in the upper 32 bits (newer than 6.18); see <see cref="BpfElementFlagsExtensions.ForCpu"/>.</summary>
    Cpu = 8,

    /// <summary><c>BPF_F_ALL_CPUS</c>: one value for all CPUs (newer than 6.18).</summary>
    AllCpus = 16,
}
