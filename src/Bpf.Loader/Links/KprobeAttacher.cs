using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>Kernel functions: probes at entry, at return or anywhere between.</summary>
[SupportedOSPlatform("linux")]
internal static class KprobeAttacher
{
    /// <summary>Probes a place that is written as <c>FUNCTION+OFFSET</c>; the offset of the options is added.</summary>
    public static BpfLink AttachPlace(ProgramToAttach program, string text, bool atReturn, KprobeOptions options)
    {
        FunctionPlace place = FunctionPlace.Parse(text, atReturn);
        return Attach(program, place.Function, atReturn, options with { Offset = options.Offset + (ulong)place.Offset });
    }

    /// <summary>Probes a function by name.</summary>
    public static BpfLink Attach(ProgramToAttach program, string function, bool atReturn, KprobeOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        string place = options.Offset == 0 ? function : string.Create(CultureInfo.InvariantCulture, $"{function}+0x{options.Offset:x}");
        string target = $"{Kind(atReturn)} {place}";
        return Attach(program, function, options.Offset, atReturn, options, target);
    }

    /// <summary>Probes an address; the offset of the options is not looked at.</summary>
    public static BpfLink Attach(ProgramToAttach program, ulong address, bool atReturn, KprobeOptions options) =>
        Attach(program, null, address, atReturn, options, string.Create(CultureInfo.InvariantCulture, $"{Kind(atReturn)} 0x{address:x}"));

    private static string Kind(bool atReturn) => atReturn ? "kretprobe" : "kprobe";

    private static BpfLink Attach(
        ProgramToAttach program, string? function, ulong offset, bool atReturn, KprobeOptions options, string target)
    {
        if (options.Mode != ProbeMode.TraceFs && EventSource.TryGetType("kprobe", out uint type))
            return AttachByPerfEvent(program, type, function, offset, atReturn, options, target);
        if (options.Mode is ProbeMode.PerfEvent or ProbeMode.Link)
            throw new BpfNotSupportedException("a kprobe by perf event", "4.17", BpfCommand.LinkCreate, objectName: target);
        if (function is null)
            throw new BpfNotSupportedException("a kprobe by address", "4.17", BpfCommand.LinkCreate, objectName: target, hint: "Give a function's name.");
        return AttachByTraceFs(program, function, offset, atReturn, options, target);
    }

    private static BpfLink AttachByPerfEvent(
        ProgramToAttach program, uint type, string? function, ulong offset, bool atReturn, KprobeOptions options, string target)
    {
        // Without a name the second word is the address.
        var attribute = new PerfEventAttr { Type = type, Config2 = offset };
        if (atReturn) attribute.Config |= 1UL << (EventSource.TryGetReturnProbeBit("kprobe", out int bit) ? bit : 0);
        FileDescriptorHandle perfEvent = PerfEvent.Open(ref attribute, -1, 0, function, out Errno errno)
            ?? throw KernelFunctionFailure.Of("perf_event_open", errno, program, function, target);
        return PerfEventAttacher.Attach(program, perfEvent, target, options.Cookie, PerfAttachWays.Of(options.Mode));
    }

    private static BpfLink AttachByTraceFs(
        ProgramToAttach program, string function, ulong offset, bool atReturn, KprobeOptions options, string target)
    {
        string command = string.Create(CultureInfo.InvariantCulture, $"{function}+0x{offset:x}");
        TraceProbe probe = TraceProbe.Create(program, atReturn ? TraceProbeKind.Kretprobe : TraceProbeKind.Kprobe, command, target);
        return TracepointAttacher.AttachEvent(program, probe.EventId, null, target, options.Cookie, PerfAttachWays.Of(options.Mode), probe);
    }
}
