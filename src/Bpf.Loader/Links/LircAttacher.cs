using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Decoders of infrared receivers (4.18); there is no link for them.</summary>
[SupportedOSPlatform("linux")]
internal static class LircAttacher
{
    public static BpfLink Attach(ProgramToAttach program, string path)
    {
        string target = $"infrared receiver {path}";
        FileDescriptorHandle device = KernelFile.OpenRead(path, out Errno errno)
            ?? throw AttachFailure.OfCall("open", errno, program, target, Capability.NetAdmin);
        FileDescriptorHandle own;
        try
        {
            own = program.Handle.Duplicate(); // what can fail comes first
        }
        catch
        {
            device.Dispose();
            throw;
        }

        var request = new ProgramAttachRequest { Program = program.Handle, Target = device, AttachType = BpfAttachType.LircMode2 };
        errno = BpfSyscall.ProgramAttach(request);
        if (errno == Errno.None) return new ProgramAttachmentLink(device, own, BpfAttachType.LircMode2, target);
        device.Dispose();
        own.Dispose();
        string? hint = errno switch
        {
            Errno.EINVAL => "It is no infrared receiver, or the kernel is built without CONFIG_BPF_LIRC_MODE2.",
            Errno.EEXIST => "The program is attached to it already.",
            Errno.E2BIG => "It has 64 programs already.",
            _ => null,
        };
        throw AttachFailure.Of(BpfCommand.ProgAttach, errno, program, target, hint, errno == Errno.EEXIST ? BpfDiagnosticId.AlreadyAttached : null);
    }
}
