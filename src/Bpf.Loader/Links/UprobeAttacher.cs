using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>User functions: probes in executables and libraries, at entry, at return or anywhere between.</summary>
[SupportedOSPlatform("linux")]
internal static class UprobeAttacher
{
    // PERF_UPROBE_REF_CTR_OFFSET_SHIFT of kernel/events/core.c; sysfs says config:32-63.
    private const int CounterShift = 32;

    // EINVAL of a file that cannot be mapped, or of a counter that an old kernel does not know.
    private const string BadPlaceHint = "The offset must be that of an instruction in a regular file; the counter needs Linux 4.20.";

    /// <summary>Probes a place that is written as <c>FUNCTION+OFFSET</c>; the offset of the options is added.</summary>
    public static BpfLink AttachPlace(ProgramToAttach program, string binary, string text, bool atReturn, UprobeOptions options)
    {
        FunctionPlace place = FunctionPlace.Parse(text, atReturn);
        return Attach(program, binary, place.Function, atReturn, options with { Offset = options.Offset + (ulong)place.Offset });
    }

    /// <summary>Probes a function by name.</summary>
    public static BpfLink Attach(ProgramToAttach program, string binary, string function, bool atReturn, UprobeOptions options)
    {
        using BinaryImage image = BinarySearch.Open(binary, options.ProcessId);
        ProbePlace.Check(image, []);
        ulong offset = BinarySymbols.FindFunction(image, function) + options.Offset;
        ProbePlace.Check(image, [offset - (ulong)image.Start]);
        string place = options.Offset == 0 ? function : string.Create(CultureInfo.InvariantCulture, $"{function}+0x{options.Offset:x}");
        return Attach(program, image.File, offset, atReturn, options, $"{Kind(atReturn)} {image.Path}:{place}");
    }

    /// <summary>Probes an offset in a file; the offset of the options is not looked at.</summary>
    public static BpfLink Attach(ProgramToAttach program, string binary, ulong offset, bool atReturn, UprobeOptions options)
    {
        (BinaryFile file, ulong[] offsets) = ProbePlace.Open(binary, [offset], options.ProcessId);
        using (file) return Attach(program, file, offsets[0], atReturn, options);
    }

    /// <summary>Probes an offset of an open file.</summary>
    public static BpfLink Attach(ProgramToAttach program, BinaryFile file, ulong offset, bool atReturn, UprobeOptions options) =>
        Attach(program, file, offset, atReturn, options, string.Create(CultureInfo.InvariantCulture, $"{Kind(atReturn)} {file.Path}+0x{offset:x}"));

    private static string Kind(bool atReturn) => atReturn ? "uretprobe" : "uprobe";

    private static BpfLink Attach(ProgramToAttach program, BinaryFile file, ulong offset, bool atReturn, UprobeOptions options, string target)
    {
        if (options.Mode != ProbeMode.TraceFs && EventSource.TryGetType("uprobe", out uint type))
            return ProbePlace.Confirm(AttachByPerfEvent(program, type, file.PathForKernel, offset, atReturn, options, target), file, target);
        if (options.Mode is ProbeMode.PerfEvent or ProbeMode.Link)
            throw new BpfNotSupportedException("a uprobe by perf event", "4.17", BpfCommand.LinkCreate, objectName: target);
        // Commands of tracefs are cut at white space.
        string path = file.PathForKernel.AsSpan().ContainsAny(" \t\n") ? file.DescriptorPath : file.PathForKernel;
        return ProbePlace.Confirm(AttachByTraceFs(program, path, offset, atReturn, options, target), file, target);
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
