using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Puts a program on a perf event.</summary>
[SupportedOSPlatform("linux")]
internal static class PerfEventAttacher
{
    /// <summary>Attaches and enables the event. The event and the probe belong to the link afterwards; on failure they are released.</summary>
    /// <param name="program">The program.</param>
    /// <param name="perfEvent">The event.</param>
    /// <param name="target">What the event is of, for messages.</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program; 0 for none.</param>
    /// <param name="way">Whether a link, the ioctl or either may be used.</param>
    /// <param name="probe">What was registered in tracefs for the event, if anything.</param>
    public static BpfLink Attach(
        ProgramToAttach program, FileDescriptorHandle perfEvent, string target, ulong cookie, PerfAttachWay way, TraceProbe? probe = null)
    {
        FileDescriptorHandle? link = null;
        try
        {
            link = Connect(program, perfEvent, target, cookie, way);
            Errno errno = PerfEvent.Enable(perfEvent);
            if (errno != Errno.None)
                throw AttachFailure.OfCall("ioctl(PERF_EVENT_IOC_ENABLE)", errno, program, target, Capability.PerfMon);
            return new PerfEventLink(link, perfEvent, probe, target);
        }
        catch
        {
            link?.Dispose();
            perfEvent.Dispose();
            probe?.Dispose();
            throw;
        }
    }

    private static FileDescriptorHandle? Connect(
        ProgramToAttach program, FileDescriptorHandle perfEvent, string target, ulong cookie, PerfAttachWay way)
    {
        if (way != PerfAttachWay.IoControl)
        {
            var request = new LinkCreateRequest { Program = program.Handle, Target = perfEvent, AttachType = BpfAttachType.PerfEvent };
            FileDescriptorHandle? link = BpfSyscall.LinkCreatePerfEvent(request, cookie, out Errno refusal);
            if (link is not null) return link;
            // Kernels before 5.15 answer EINVAL to the attach type. If the reason is another, the ioctl repeats it.
            if (refusal != Errno.EINVAL || way == PerfAttachWay.Link)
                throw AttachFailure.Of(BpfCommand.LinkCreate, refusal, program, target);
        }

        if (cookie != 0)
        {
            throw new BpfNotSupportedException(
                "a cookie", "5.15", BpfCommand.LinkCreate, objectName: $"{target} of program '{program.Name}'");
        }

        Errno errno = PerfEvent.SetProgram(perfEvent, program.Handle);
        if (errno == Errno.None) return null;
        string? hint = errno switch
        {
            Errno.EPROTO => "The program takes call chains, and the event was opened without them: set exclude_callchain_* to 0.",
            Errno.EINVAL => $"The kernel takes only programs of the event's kind here; this one is {program.Type}.",
            Errno.EEXIST => "The event has a program already, and before Linux 5.15 it takes one only.",
            Errno.E2BIG => "64 programs are attached there already, and the kernel takes no more.",
            _ => null,
        };
        throw AttachFailure.OfCall("ioctl(PERF_EVENT_IOC_SET_BPF)", errno, program, target, Capability.PerfMon, hint);
    }
}
