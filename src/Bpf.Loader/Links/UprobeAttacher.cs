using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Links;

/// <summary>User functions: probes in executables and libraries, at entry, at return or anywhere between.</summary>
[SupportedOSPlatform("linux")]
internal static class UprobeAttacher
{
    // PERF_UPROBE_REF_CTR_OFFSET_SHIFT of kernel/events/core.c; sysfs says config:32-63.
    private const int CounterShift = 32;

    // EINVAL of a file that cannot be mapped, or of a counter that an old kernel does not know.
    private const string BadPlaceHint = "The offset must be that of an instruction in a regular file; the counter needs Linux 4.20.";

    /// <summary>Probes a function by name.</summary>
    public static BpfLink Attach(ProgramToAttach program, string binary, string function, bool atReturn, UprobeOptions options)
    {
        string path = BinarySearch.Resolve(binary, options.ProcessId);
        BinaryImage image = BinaryImage.Open(path);
        ulong offset = BinarySymbols.FindFunction(image, function) + options.Offset;
        string place = options.Offset == 0 ? function : string.Create(CultureInfo.InvariantCulture, $"{function}+0x{options.Offset:x}");
        return Attach(program, image.Path, offset, atReturn, options, $"{Kind(atReturn)} {path}:{place}");
    }

    /// <summary>Probes an offset in a file; the offset of the options is not looked at.</summary>
    public static BpfLink Attach(ProgramToAttach program, string binary, ulong offset, bool atReturn, UprobeOptions options)
    {
        string path = BinarySearch.Resolve(binary, options.ProcessId);
        return Attach(program, path, offset, atReturn, options, string.Create(CultureInfo.InvariantCulture, $"{Kind(atReturn)} {path}+0x{offset:x}"));
    }

    private static string Kind(bool atReturn) => atReturn ? "uretprobe" : "uprobe";

    private static BpfLink Attach(ProgramToAttach program, string path, ulong offset, bool atReturn, UprobeOptions options, string target)
    {
        if (options.Mode != ProbeMode.TraceFs && EventSource.TryGetType("uprobe", out uint type))
            return AttachByPerfEvent(program, type, path, offset, atReturn, options, target);
        if (options.Mode is ProbeMode.PerfEvent or ProbeMode.Link)
            throw new BpfNotSupportedException("a uprobe by perf event", "4.17", BpfCommand.LinkCreate, objectName: target);
        return AttachByTraceFs(program, path, offset, atReturn, options, target);
    }

    private static BpfLink AttachByPerfEvent(
        ProgramToAttach program, uint type, string path, ulong offset, bool atReturn, UprobeOptions options, string target)
    {
        var attribute = new PerfEventAttr { Type = type, Config2 = offset };
        if (atReturn) attribute.Config |= 1UL << (EventSource.TryGetReturnProbeBit("uprobe", out int bit) ? bit : 0);
        if (options.ReferenceCounterOffset != 0)
        {
            if (!EventSource.HasReferenceCounters)
                throw new BpfNotSupportedException("a reference counter of a uprobe", "4.20", BpfCommand.LinkCreate, objectName: target);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReferenceCounterOffset, uint.MaxValue, nameof(options));
            attribute.Config |= options.ReferenceCounterOffset << CounterShift;
        }

        // An event of all processes must be of one CPU, and any will do: the breakpoint is not a CPU's.
        int pid = options.ProcessId ?? -1;
        FileDescriptorHandle perfEvent = PerfEvent.Open(ref attribute, pid, pid < 0 ? 0 : -1, path, out Errno errno)
            ?? throw AttachFailure.OfCall("perf_event_open", errno, program, target, Capability.PerfMon, HintFor(errno));
        return PerfEventAttacher.Attach(program, perfEvent, target, options.Cookie, PerfAttachWays.Of(options.Mode));
    }

    private static BpfLink AttachByTraceFs(
        ProgramToAttach program, string path, ulong offset, bool atReturn, UprobeOptions options, string target)
    {
        if (options.ReferenceCounterOffset != 0)
            throw new BpfNotSupportedException("a reference counter of a uprobe", "4.20", BpfCommand.LinkCreate, objectName: target);
        string command = string.Create(CultureInfo.InvariantCulture, $"{path}:0x{offset:x}");
        TraceProbe probe = TraceProbe.Create(program, atReturn ? TraceProbeKind.Uretprobe : TraceProbeKind.Uprobe, command, target);
        return TracepointAttacher.AttachEvent(program, probe.EventId, options.ProcessId, target, options.Cookie, PerfAttachWays.Of(options.Mode), probe);
    }

    private static string? HintFor(Errno errno) => errno switch
    {
        Errno.ESRCH => "The process has ended.",
        Errno.EINVAL => BadPlaceHint,
        Errno.ENOTSUPP or Errno.EOPNOTSUPP => "The instruction there cannot be probed: give the offset of another one.",
        _ => null,
    };
}
