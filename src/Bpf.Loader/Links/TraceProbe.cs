using System;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>
/// A probe registered in tracefs, as all were before 4.17. Others see it there, and it stays when the process dies: disposing
/// removes it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TraceProbe : IDisposable
{
    private static int _count;

    private readonly TraceFs _files;
    private readonly string _list;
    private readonly string _name;

    private TraceProbe(TraceFs files, string list, string name, uint eventId)
    {
        _files = files;
        _list = list;
        _name = name;
        EventId = eventId;
    }

    /// <summary>The event to open.</summary>
    public uint EventId { get; }

    /// <param name="program">The program, for messages.</param>
    /// <param name="kind">What kind of probe.</param>
    /// <param name="place">Where, in the words of tracefs: <c>function+0xOFFSET</c> or <c>path:0xOFFSET</c>.</param>
    /// <param name="target">The target, for messages.</param>
    public static TraceProbe Create(ProgramToAttach program, TraceProbeKind kind, string place, string target)
    {
        TraceFs files = TracingFiles.Open(program, target);
        bool isKernel = kind is TraceProbeKind.Kprobe or TraceProbeKind.Kretprobe;
        bool atReturn = kind is TraceProbeKind.Kretprobe or TraceProbeKind.Uretprobe;
        string list = isKernel ? "kprobe_events" : "uprobe_events";
        string group = isKernel ? "kprobes" : "uprobes";
        string name = string.Create(CultureInfo.InvariantCulture, $"bpf_loader_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}");

        Errno errno = files.TryAppend(list, $"{(atReturn ? 'r' : 'p')}:{group}/{name} {place}");
        if (errno != Errno.None)
        {
            // Without the list the kernel cannot register probes at all; with it, ENOENT is about the function.
            using Stream? registered = files.TryOpenRead(list, out _);
            if (errno == Errno.ENOENT && registered is null)
                throw new BpfNotSupportedException(isKernel ? "kprobes (CONFIG_KPROBE_EVENTS)" : "uprobes (CONFIG_UPROBE_EVENTS)", null, BpfCommand.LinkCreate, errno, target);
            string operation = $"write of {list}";
            throw isKernel
                ? KernelFunctionFailure.Of(operation, errno, program, place[..place.LastIndexOf('+')], target)
                : AttachFailure.OfCall(operation, errno, program, target, Capability.SysAdmin);
        }

        try
        {
            return new TraceProbe(files, list, $"{group}/{name}", files.ReadEventId(group, name));
        }
        catch
        {
            files.TryAppend(list, $"-:{group}/{name}");
            throw;
        }
    }

    // The kernel refuses with EBUSY while somebody else listens too; then it stays for them. Whatever else it lacks, it may have a moment
    // later, and nobody else would remove the probe.
    public void Dispose()
    {
        if (Remove() != Errno.None) Remove();
    }

    /// <summary>Removes it, unless others listen to it or have removed it.</summary>
    public Errno Remove() => _files.TryAppend(_list, $"-:{_name}") is var errno and not (Errno.EBUSY or Errno.ENOENT) ? errno : Errno.None;
}
