using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>
/// Whether system calls have wrappers named after the architecture (4.17): tried with a kprobe, because the names in
/// /proc/kallsyms are there for aliases too.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SyscallWrapperProbe
{
    public static FeatureSupport Ask()
    {
        if (SyscallSymbols.Prefix is null)
            return FeatureSupport.Missing;
        string function = $"__{SyscallSymbols.Prefix}_sys_bpf";
        return EventSource.TryGetType("kprobe", out uint type) ? AskPerf(type, function) : AskTraceFs(function);
    }

    private static FeatureSupport AskPerf(uint type, string function)
    {
        var attribute = new PerfEventAttr { Type = type };
        using FileDescriptorHandle? probe = PerfEvent.Open(ref attribute, pid: -1, cpu: 0, function, out Errno errno);
        return ProbeAnswer.OfFile(probe is not null, errno);
    }

    private static FeatureSupport AskTraceFs(string function)
    {
        const string Events = "kprobe_events";
        TraceFs? traceFs = TraceFs.TryOpen(out Errno errno);
        if (traceFs is null)
            return ProbeAnswer.OfFile(false, errno);

        string name = $"kprobes/bpf_loader_{Environment.ProcessId}_wrapper";
        errno = traceFs.TryAppend(Events, $"p:{name} {function}+0x0");
        if (errno != Errno.None)
            return ProbeAnswer.OfFile(false, errno);
        traceFs.TryAppend(Events, $"-:{name}");
        return FeatureSupport.Supported;
    }
}
