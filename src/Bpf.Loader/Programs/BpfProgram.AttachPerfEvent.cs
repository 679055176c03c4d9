using System;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to an event that the kernel counts or samples: the program runs each time that it overflows.</summary>
    /// <param name="description">The event, such as <c>PerfEventDescription.Software(PerfSoftwareEvent.CpuClock)</c>.</param>
    /// <param name="options">How often and for whom; none is each event, for all processes on all CPUs.</param>
    /// <exception cref="BpfAttachException">The machine does not have the event, the process is gone, or the kernel refused.</exception>
    /// <remarks>Linux 4.9; CAP_PERFMON.</remarks>
    public BpfLink AttachPerfEvent(PerfEventDescription description, PerfEventOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        return Watch(PerfEventProgramAttacher.Attach(ToAttach, description, options ?? new PerfEventOptions()));
    }
}
