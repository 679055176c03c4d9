using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>Events that the kernel counts or samples (4.9).</summary>
[SupportedOSPlatform("linux")]
internal static class PerfEventProgramAttacher
{
    // The bit field of struct perf_event_attr.
    private const ulong FrequencyFlag = 1 << 10;

    public static BpfLink Attach(ProgramToAttach program, PerfEventDescription description, PerfEventOptions options)
    {
        string target = $"perf event {description.Name}";
        if (options.Cpu is int cpu) return AttachTo(program, description, options, cpu, target);
        // An event of one process follows it over the CPUs; one of all processes is of a CPU.
        if (options.ProcessId is not null) return AttachTo(program, description, options, -1, target);

        var links = new List<BpfLink>();
        try
        {
            foreach (int online in PossibleCpus.ReadOnline()) links.Add(AttachTo(program, description, options, online, target));
        }
        catch
        {
            foreach (BpfLink link in links) link.Dispose();
            throw;
        }

        return links.Count == 1 ? links[0] : new LinkGroup(links, target);
    }

    private static BpfLink AttachTo(ProgramToAttach program, PerfEventDescription description, PerfEventOptions options, int cpu, string target)
    {
        var attribute = new PerfEventAttr
        {
            Type = description.Type,
            Config = description.Config,
            Config1 = description.Config1,
            Config2 = description.Config2,
            BreakpointType = description.Accesses,
            SamplePeriod = options.Frequency != 0 ? options.Frequency : options.Period,
            Flags = options.Frequency != 0 ? FrequencyFlag : 0,
        };
        FileDescriptorHandle? perfEvent = PerfEvent.Open(ref attribute, options.ProcessId ?? -1, cpu, out Errno errno);
        if (perfEvent is not null) return PerfEventAttacher.Attach(program, perfEvent, target, options.Cookie, PerfAttachWay.Any);
        string? hint = errno switch
        {
            Errno.ENOENT or Errno.EOPNOTSUPP => "This machine does not have the event; virtual machines often have no hardware events. Try PerfSoftwareEvent.CpuClock.",
            Errno.ENODEV => "The CPU is not online, or does not have the event.",
            Errno.ESRCH => "The process has ended.",
            Errno.EINVAL when options.Frequency != 0 => "The frequency must not be above kernel.perf_event_max_sample_rate.",
            Errno.ENOSPC or Errno.EBUSY => "All breakpoints of the processor are taken.",
            _ => null,
        };
        throw AttachFailure.OfCall("perf_event_open", errno, program, target, Capability.PerfMon, hint);
    }
}
