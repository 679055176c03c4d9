using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Links;

/// <summary>Tracepoints: places that the kernel's authors made for tracing, with arguments laid out as tracefs shows (4.7).</summary>
[SupportedOSPlatform("linux")]
internal static class TracepointAttacher
{
    public static BpfLink Attach(ProgramToAttach program, string category, string name, ulong cookie)
    {
        ArgumentException.ThrowIfNullOrEmpty(category);
        ArgumentException.ThrowIfNullOrEmpty(name);
        string target = $"tracepoint {category}/{name}";
        uint id = TracingFiles.EventId(program, target, category, name);
        return AttachEvent(program, id, null, target, cookie, PerfAttachWay.Any, null);
    }

    /// <summary>Attaches to an event of tracefs, which is a tracepoint or a probe that was registered there.</summary>
    public static BpfLink AttachEvent(
        ProgramToAttach program, uint id, int? processId, string target, ulong cookie, PerfAttachWay way, TraceProbe? probe)
    {
        var attribute = new PerfEventAttr { Type = PerfEvent.TypeTracepoint, Config = id };
        // A program on an event of all processes runs for all CPUs, whichever CPU the event is of.
        int pid = processId ?? -1;
        FileDescriptorHandle? perfEvent = PerfEvent.Open(ref attribute, pid, pid < 0 ? 0 : -1, out Errno errno);
        if (perfEvent is not null) return PerfEventAttacher.Attach(program, perfEvent, target, cookie, way, probe);
        probe?.Dispose();
        throw AttachFailure.OfCall("perf_event_open", errno, program, target, Capability.PerfMon);
    }
}
