using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Hooks of a network namespace: flow dissector and socket lookup, by a link (5.8, 5.9) or without (4.20, flow dissector only).</summary>
[SupportedOSPlatform("linux")]
internal static class NetnsAttacher
{
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    public static BpfLink Attach(ProgramToAttach program, string? path)
    {
        string target = $"{program.AttachType} of {path ?? "this network namespace"}";
        using FileDescriptorHandle? netns = KernelFile.OpenRead(path ?? OwnNamespace, out Errno errno);
        if (netns is null)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.AttachFailed, target, $"The program '{program.Name}' cannot be attached to {target}: it cannot be opened: {BpfException.Describe(errno)}.",
                errno, "open", "Give a path such as /proc/PID/ns/net or /run/netns/NAME.");
        }

        var request = new LinkCreateRequest { Program = program.Handle, Target = netns, AttachType = program.AttachType };
        FileDescriptorHandle? link = BpfSyscall.LinkCreate(request, out errno);
        if (link is not null) return new KernelLink(link, target);
        if (errno == Errno.EINVAL && path is null && program.AttachType == BpfAttachType.FlowDissector)
        {
            // Without a link the kernel knows the namespace of the caller only, and wants no descriptor of it.
            // And it puts the program in the place of another without a word.
            FileDescriptorHandle own = program.Handle.Duplicate(); // what can fail comes first
            var older = new ProgramAttachRequest { Program = program.Handle, AttachType = program.AttachType };
            errno = AttachedBy.Any(netns, program.AttachType) ? Errno.EEXIST : BpfSyscall.ProgramAttach(older);
            if (errno == Errno.None) return new ProgramAttachmentLink(null, own, program.AttachType, target);
            own.Dispose();
        }

        // A second flow dissector is one too many.
        bool isTaken = errno is Errno.EEXIST or Errno.EBUSY || (errno == Errno.E2BIG && program.AttachType == BpfAttachType.FlowDissector);
        string? hint = errno switch
        {
            _ when isTaken => $"Another program is attached there{AttachedBy.Describe(netns, program.AttachType)}; of flow dissectors, one in the first network namespace is for all.",
            Errno.EINVAL => "The path must be of a network namespace, and the program of type FlowDissector (5.8) or SkLookup (5.9).",
            Errno.E2BIG => "64 programs are attached there already, and the kernel takes no more.",
            _ => null,
        };
        throw AttachFailure.Of(
            BpfCommand.LinkCreate, errno, program, target, hint, isTaken ? BpfDiagnosticId.AlreadyAttached : null);
    }
}
