using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>A program on a perf event: by a link where the kernel has one for it (5.15), else by the event's ioctl.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PerfEventLink : BpfLink
{
    private readonly FileDescriptorHandle _event;
    private readonly TraceProbe? _probe;

    /// <param name="handle">The link, or null when the ioctl was used.</param>
    /// <param name="perfEvent">The event, which this owns.</param>
    /// <param name="probe">What was registered in tracefs for the event and goes with it, if anything.</param>
    /// <param name="target">What the event is of.</param>
    public PerfEventLink(FileDescriptorHandle? handle, FileDescriptorHandle perfEvent, TraceProbe? probe, string target)
        : base(handle, target)
    {
        _event = perfEvent;
        _probe = probe;
    }

    private protected override void Release(bool detach)
    {
        // A pinned link holds the event itself: it goes on when our descriptor is closed.
        if (detach) PerfEvent.Disable(_event);
        _event.Dispose();
        if (!detach) return;
        // A probe can be removed only when nothing uses it any more.
        Handle?.Dispose();
        if (_probe is not null) LetGo(_probe.Remove, "Its program does not run any more, and the probe that was made in tracefs is left: it goes when 'kprobe_events' or 'uprobe_events' are cleared of it.");
    }
}
