using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Programs that take the place of a global function of another program (5.6; another target than that of the load 5.10).</summary>
[SupportedOSPlatform("linux")]
internal static class ReplacementAttacher
{
    public static BpfLink Attach(ProgramToAttach program, FileDescriptorHandle targetProgram, uint functionId, string target)
    {
        var request = new LinkCreateRequest { Program = program.Handle, Target = targetProgram };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateTracing(request, functionId, 0, out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        string? hint = errno switch
        {
            Errno.EBUSY => "The function is replaced already, or the program replaces another one.",
            Errno.EINVAL => "The function must have the same prototype as the one that the program was loaded for, and the program be of type Ext.",
            _ => null,
        };
        throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target, hint, errno == Errno.EBUSY ? BpfDiagnosticId.AlreadyAttached : null);
    }
}
