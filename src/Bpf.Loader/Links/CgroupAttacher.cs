using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Queries;

namespace Bpf.Loader.Links;

/// <summary>Hooks of a cgroup (4.10), by a link (5.7) or without.</summary>
[SupportedOSPlatform("linux")]
internal static class CgroupAttacher
{
    private const uint AllowOverride = 1 << 0, AllowMulti = 1 << 1, ReplaceFlag = 1 << 2, PreOrderFlag = 1 << 6;

    public static BpfLink Attach(ProgramToAttach program, string path, CgroupOptions options)
    {
        BpfAttachType hook = options.AttachType ?? program.AttachType;
        return Attach(program, CgroupDirectory.Open(program, Target(hook, path), path), path, options);
    }

    /// <summary>Attaches to an open cgroup, which becomes the link's.</summary>
    public static BpfLink Attach(ProgramToAttach program, FileDescriptorHandle cgroup, string path, CgroupOptions options)
    {
        BpfAttachType hook = options.AttachType ?? program.AttachType;
        string target = Target(hook, path);
        try
        {
            if (options.Mode != CgroupAttachMode.Link) return AttachWithoutLink(program, cgroup, hook, options, target);
            BpfLink? link = TryAttachByLink(program, cgroup, hook, options, target);
            if (link is null) return AttachWithoutLink(program, cgroup, hook, options, target);
            cgroup.Dispose();
            return link;
        }
        catch
        {
            cgroup.Dispose();
            throw;
        }
    }

    private static string Target(BpfAttachType hook, string path) => $"{hook} of cgroup {path}";

    // Null where the kernel may be too old for links.
    private static KernelLink? TryAttachByLink(
        ProgramToAttach program, FileDescriptorHandle cgroup, BpfAttachType hook, CgroupOptions options, string target)
    {
        var request = new LinkCreateRequest { Program = program.Handle, Target = cgroup, AttachType = hook, Flags = OrderFlags(options) };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateAnchored(
            request, options.Order?.Anchor, options.Order?.AnchorId ?? 0, options.Order?.ExpectedRevision ?? 0, out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        if (errno == Errno.EINVAL && options.Order is null && !options.PreOrder) return null;
        throw Explain(BpfCommand.LinkCreate, errno, program, cgroup, hook, target, options);
    }

    private static ProgramAttachmentLink AttachWithoutLink(
        ProgramToAttach program, FileDescriptorHandle cgroup, BpfAttachType hook, CgroupOptions options, string target)
    {
        // A program that is alone would be replaced by the next one without a word.
        bool isAlone = options.Mode is CgroupAttachMode.Overridable or CgroupAttachMode.Exclusive;
        if (isAlone && HasOther(cgroup, hook, options.Replace)) throw Explain(BpfCommand.ProgAttach, Errno.EBUSY, program, cgroup, hook, target, options);
        var request = new ProgramAttachRequest
        {
            Program = program.Handle,
            Target = cgroup,
            AttachType = hook,
            Flags = OrderFlags(options) | (isAlone || options.Replace is null ? 0 : ReplaceFlag) | options.Mode switch
            {
                CgroupAttachMode.Overridable => AllowOverride,
                CgroupAttachMode.Exclusive => 0,
                _ => AllowMulti,
            },
            Replaced = isAlone ? null : options.Replace?.Handle,
            Anchor = options.Order?.Anchor,
            AnchorId = options.Order?.AnchorId ?? 0,
            ExpectedRevision = options.Order?.ExpectedRevision ?? 0,
        };
        FileDescriptorHandle own = program.Handle.Duplicate(); // what can fail comes first
        Errno errno = BpfSyscall.ProgramAttach(request);
        if (errno == Errno.None) return new ProgramAttachmentLink(cgroup, own, hook, target);
        own.Dispose();
        throw Explain(BpfCommand.ProgAttach, errno, program, cgroup, hook, target, options);
    }

    private static bool HasOther(FileDescriptorHandle cgroup, BpfAttachType hook, BpfProgram? expected)
    {
        if (HookReader.TryRead(cgroup, 0, hook, effective: false, out HookState? state) != Errno.None || state is null) return false;
        uint id = expected?.Id ?? 0;
        return state.Programs.Any(present => present.ProgramId != id);
    }

    private static uint OrderFlags(CgroupOptions options) => (options.Order?.Flags ?? 0) | (options.PreOrder ? PreOrderFlag : 0);

    private static BpfAttachException Explain(
        BpfCommand command, Errno errno, ProgramToAttach program, FileDescriptorHandle cgroup, BpfAttachType hook, string target, CgroupOptions options)
    {
        string who = errno is Errno.EPERM or Errno.EBUSY ? AttachedBy.Describe(cgroup, hook, effective: errno == Errno.EPERM) : "";
        string? hint = errno switch
        {
            Errno.EBUSY => $"A program is there, alone{who}: detach it, or name it as {nameof(CgroupOptions.Replace)}.",
            Errno.EPERM when who.Length > 0 => $"A program of this cgroup, or of one above, was attached so that it does not share{who}.",
            Errno.EPERM => ProcessRights.Explain(NeededCapabilities.Of(program.Type)) ?? "A program of this cgroup, or of one above, was attached so that it does not share.",
            Errno.EINVAL when options.Order is not null || options.PreOrder => "The order of programs needs Linux 6.17, and to run before those of cgroups below 6.15.",
            Errno.EINVAL when options.AttachType is null && program.AttachType == 0 => "The program was not loaded for a certain hook: give it as AttachType.",
            Errno.EINVAL => "The program's type does not fit the hook, or it was loaded for another one.",
            Errno.E2BIG => "64 programs are attached there already, and the kernel takes no more.",
            Errno.ENOENT => "The program to be replaced, or that the order names, is not attached there.",
            Errno.ESTALE => "The hook was changed since the revision that was expected; query it again.",
            Errno.EBADF => "The path is not a cgroup of version 2, or the kernel is built without CONFIG_CGROUP_BPF.",
            _ => null,
        };
        return AttachFailure.Of(command, errno, program, target, hint, who.Length > 0 ? BpfDiagnosticId.AlreadyAttached : null, hook);
    }
}
