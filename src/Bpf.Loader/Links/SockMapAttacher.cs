using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Parsers and verdicts of a sockmap or sockhash: by a link (6.10), or without (4.14).</summary>
[SupportedOSPlatform("linux")]
internal static class SockMapAttacher
{
    public static BpfLink Attach(ProgramToAttach program, BpfMap map)
    {
        string target = $"{program.AttachType} of map {map.Name}";
        var request = new LinkCreateRequest { Program = program.Handle, Target = map.Handle, AttachType = program.AttachType };
        FileDescriptorHandle? link = BpfSyscall.LinkCreate(request, out Errno errno);
        if (link is not null) return new KernelLink(link, target);

        BpfCommand command = BpfCommand.LinkCreate;
        if (errno == Errno.EINVAL)
        {
            var older = new ProgramAttachRequest { Program = program.Handle, Target = map.Handle, AttachType = program.AttachType };
            errno = BpfSyscall.ProgramAttach(older);
            if (errno == Errno.None) return new ProgramAttachmentLink(map.Handle.Duplicate(), program.Handle.Duplicate(), program.AttachType, target);
            command = BpfCommand.ProgAttach;
        }

        string? hint = errno switch
        {
            Errno.EBUSY => $"The map has such a program already{AttachedBy.Describe(map.Handle, program.AttachType)}.",
            Errno.EOPNOTSUPP or Errno.EINVAL => "The map must be a SockMap or SockHash, and the program one of sk_skb or sk_msg.",
            _ => null,
        };
        throw AttachFailure.Of(command, errno, program, target, hint, errno == Errno.EBUSY ? BpfDiagnosticId.AlreadyAttached : null);
    }
}
