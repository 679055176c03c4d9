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

        // The kernel puts the program in the place of one that no link holds, without a word.
        if (AttachedBy.Any(map.Handle, program.AttachType)) throw Explain(BpfCommand.LinkCreate, Errno.EBUSY, program, map, target);
        var request = new LinkCreateRequest { Program = program.Handle, Target = map.Handle, AttachType = program.AttachType };
        FileDescriptorHandle? link = BpfSyscall.LinkCreate(request, out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        return errno == Errno.EINVAL ? AttachWithoutLink(program, map, target) : throw Explain(BpfCommand.LinkCreate, errno, program, map, target);
    }

    private static ProgramAttachmentLink AttachWithoutLink(ProgramToAttach program, BpfMap map, string target)
    {
        FileDescriptorHandle? hook = null, own = null;
        try
        {
            // What can fail comes first.
            hook = map.Handle.Duplicate();
            own = program.Handle.Duplicate();
            Errno errno = BpfSyscall.ProgramAttach(new ProgramAttachRequest { Program = program.Handle, Target = map.Handle, AttachType = program.AttachType });
            return errno == Errno.None
                ? new ProgramAttachmentLink(hook, own, program.AttachType, target)
                : throw Explain(BpfCommand.ProgAttach, errno, program, map, target);
        }
        catch
        {
            hook?.Dispose();
            own?.Dispose();
            throw;
        }
    }

    private static BpfAttachException Explain(BpfCommand command, Errno errno, ProgramToAttach program, BpfMap map, string target)
    {
        string? hint = errno switch
        {
            Errno.EBUSY => $"The map has such a program already{AttachedBy.Describe(map.Handle, program.AttachType)}.",
            Errno.EOPNOTSUPP or Errno.EINVAL => "The map must be a SockMap or SockHash, and the program one of sk_skb or sk_msg.",
            _ => null,
        };
        return AttachFailure.Of(command, errno, program, target, hint, errno == Errno.EBUSY ? BpfDiagnosticId.AlreadyAttached : null);
    }
}
