using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>A program that was attached without a link, by BPF_PROG_ATTACH.</summary>
/// <param name="hook">The cgroup, map or network namespace; this owns it.</param>
/// <param name="program">The program; this owns the descriptor.</param>
/// <param name="attachType">The hook of the target.</param>
/// <param name="target">The target, for messages.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProgramAttachmentLink(
    FileDescriptorHandle? hook, FileDescriptorHandle program, BpfAttachType attachType, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        Errno errno = Remove();
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ProgDetach, errno, Target);
    }

    private protected override bool EndsWithoutOwner => false;

    private protected override void Release(bool detach)
    {
        // ENOENT: somebody else has detached it already, or put another in its place.
        if (detach) LetGo(() => Remove() is var errno and not Errno.ENOENT ? errno : Errno.None, "Detach it with 'bpf cgroup detach' or 'bpf prog detach'.");
        hook?.Dispose();
        program.Dispose();
    }

    private Errno Remove()
    {
        var request = new ProgramAttachRequest { Target = hook, Program = program, AttachType = attachType };
        return BpfSyscall.ProgramDetach(request);
    }
}
