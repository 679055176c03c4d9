using System;
using System.Collections.Generic;

namespace Bpf.Loader.Interop;

/// <summary>Which capabilities a request needs, as kernel/bpf/syscall.c asks for them (5.8 to 6.18).</summary>
internal static class NeededCapabilities
{
    private static readonly Capability[] BpfOnly = [Capability.Bpf];
    private static readonly Capability[] BpfAndNetwork = [Capability.Bpf, Capability.NetAdmin];
    private static readonly Capability[] BpfAndTracing = [Capability.Bpf, Capability.PerfMon];
    private static readonly Capability[] All = [Capability.Bpf, Capability.NetAdmin, Capability.PerfMon];
    private static readonly Capability[] Administrator = [Capability.SysAdmin];

    /// <summary>What a command needs when nothing more is known.</summary>
    public static ReadOnlySpan<Capability> Of(BpfCommand command) => command switch
    {
        BpfCommand.MapGetNextId or BpfCommand.ProgGetNextId or BpfCommand.LinkGetNextId => Administrator,
        BpfCommand.MapGetFdById or BpfCommand.ProgGetFdById or BpfCommand.LinkGetFdById => Administrator,
        BpfCommand.BtfGetNextId or BpfCommand.BtfGetFdById => Administrator,
        BpfCommand.EnableStats or BpfCommand.TaskFdQuery => Administrator,
        BpfCommand.ProgAttach or BpfCommand.ProgDetach or BpfCommand.ProgQuery => BpfAndNetwork,
        _ => BpfOnly,
    };

    /// <summary>What creating a map needs.</summary>
    public static ReadOnlySpan<Capability> Of(BpfMapType type) => type switch
    {
        BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.XskMap => BpfAndNetwork,
        BpfMapType.SockMap or BpfMapType.SockHash => BpfAndNetwork,
        _ => BpfOnly,
    };

    /// <summary>What loading or attaching a program needs.</summary>
    public static ReadOnlySpan<Capability> Of(BpfProgramType type) => type switch
    {
        BpfProgramType.Kprobe or BpfProgramType.Tracepoint or BpfProgramType.PerfEvent => BpfAndTracing,
        BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable => BpfAndTracing,
        BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.StructOps => BpfAndTracing,
        BpfProgramType.Ext => All,
        BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.Syscall => BpfOnly,
        BpfProgramType.SkReusePort or BpfProgramType.LircMode2 => BpfOnly,
        _ => BpfAndNetwork,
    };

    /// <summary>What all of these programs and maps need together.</summary>
    public static Capability[] Of(IEnumerable<BpfProgramType> programs, IEnumerable<BpfMapType> maps)
    {
        var needed = new SortedSet<Capability>(Comparer<Capability>.Create(static (a, b) => b.CompareTo(a))) { Capability.Bpf };
        foreach (BpfProgramType program in programs)
        {
            foreach (Capability capability in Of(program)) needed.Add(capability);
        }

        foreach (BpfMapType map in maps)
        {
            foreach (Capability capability in Of(map)) needed.Add(capability);
        }

        return [.. needed];
    }

    /// <summary>The Linux name.</summary>
    public static string Name(Capability capability) => capability switch
    {
        Capability.DacReadSearch => "CAP_DAC_READ_SEARCH",
        Capability.NetAdmin => "CAP_NET_ADMIN",
        Capability.SysAdmin => "CAP_SYS_ADMIN",
        Capability.SysResource => "CAP_SYS_RESOURCE",
        Capability.PerfMon => "CAP_PERFMON",
        Capability.Bpf => "CAP_BPF",
        _ => $"capability {(int)capability}",
    };
}
