using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>What is known of features without asking the kernel: since when there are, and what it takes to ask.</summary>
internal static class KernelFeatureVersions
{
    /// <summary>The first kernel that has a feature for certain; null when none is known that has it in every configuration.</summary>
    public static KernelVersion? First(KernelFeature feature) => feature switch
    {
        KernelFeature.ProgramName => new(4, 15, 0),
        KernelFeature.ExpectedAttachType or KernelFeature.SyscallWrapper => new(4, 17, 0),
        KernelFeature.Btf => new(4, 18, 0),
        KernelFeature.BtfFunction => new(5, 0, 0),
        KernelFeature.GlobalData or KernelFeature.BtfDataSection => new(5, 2, 0),
        KernelFeature.ArrayMmap or KernelFeature.ProbeReadKernel => new(5, 5, 0),
        KernelFeature.BtfGlobalFunction => new(5, 6, 0),
        KernelFeature.ProgramBindMap => new(5, 10, 0),
        KernelFeature.MemoryCgroupAccounting or KernelFeature.ModuleBtf => new(5, 11, 0),
        KernelFeature.BtfEmptyDataSection => new(5, 12, 0),
        KernelFeature.BtfFloat => new(5, 13, 0),
        KernelFeature.PerfLink or KernelFeature.BpfCookie => new(5, 15, 0),
        KernelFeature.BtfDeclarationTag => new(5, 16, 0),
        KernelFeature.BtfTypeTag => new(5, 17, 0),
        KernelFeature.BtfEnum64 => new(6, 0, 0),
        KernelFeature.UprobeMultiLink => new(6, 6, 0),
        KernelFeature.ArgumentContextTag => new(6, 8, 0),
        KernelFeature.BtfQuestionMarkDataSection => new(6, 12, 0),
        _ => null,
    };

    /// <summary>The capabilities without which a "no" of the probe says nothing.</summary>
    public static ReadOnlySpan<Capability> Needed(KernelFeature feature) => feature switch
    {
        // These are asked for without a program or map, or say themselves that they were denied.
        KernelFeature.SyscallWrapper or KernelFeature.UprobeSyscall or KernelFeature.BpfSyscallCommonAttributes => [],
        KernelFeature.ExpectedAttachType => [Capability.Bpf, Capability.NetAdmin],
        KernelFeature.ProbeReadKernel or KernelFeature.PerfLink or KernelFeature.BpfCookie or KernelFeature.UprobeMultiLink
            or KernelFeature.ArgumentContextTag or KernelFeature.LoadImmediate64FullRange => [Capability.Bpf, Capability.PerfMon],
        _ => [Capability.Bpf],
    };
}
