using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>Hooks of a network device that take several programs in order: tcx (6.6) and netkit (6.7).</summary>
[SupportedOSPlatform("linux")]
internal static class DeviceLinkAttacher
{
    public static BpfLink Attach(ProgramToAttach program, NetworkInterface device, BpfAttachType hook, AttachOrder order)
    {
        string target = $"{Name(hook)} of {device.Name}";
        var request = new LinkCreateRequest { Program = program.Handle, TargetIfIndex = (uint)device.Index, AttachType = hook, Flags = order.Flags };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateAnchored(request, order.Anchor, order.AnchorId, order.ExpectedRevision, out Errno errno);
        return link is not null ? new KernelLink(link, target) : throw Explain(BpfCommand.LinkCreate, errno, program, device, hook);
    }

    /// <summary>The exception for an attachment that the kernel refused.</summary>
    public static BpfAttachException Explain(BpfCommand command, Errno errno, ProgramToAttach program, NetworkInterface device, BpfAttachType hook)
    {
        string target = $"{Name(hook)} of {device.Name}";
        bool isNetkit = hook is BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer;
        if (errno == Errno.ENODEV)
        {
            return new BpfAttachException(
                BpfDiagnosticId.NoSuchInterface, target, $"The program '{program.Name}' cannot be attached to {target}: there is no such device.", errno,
                command.ToUapiName());
        }

        string? hint = errno switch
        {
            Errno.ESTALE => "The hook was changed since the revision that was expected; query it again.",
            Errno.ENOENT => "The program or link that the order names is not attached there.",
            Errno.ERANGE => "64 programs are attached there already, and the kernel takes no more.",
            Errno.EEXIST => "The program is attached there already.",
            Errno.ENXIO or Errno.EACCES when isNetkit => "Only the primary device of a netkit pair takes programs, for both.",
            Errno.EINVAL => $"{(isNetkit ? "netkit" : "tcx")} takes programs of type SchedCls.",
            _ => null,
        };
        return AttachFailure.Of(
            command, errno, program, target, hint, errno == Errno.EEXIST ? BpfDiagnosticId.AlreadyAttached : null, hook);
    }

    private static string Name(BpfAttachType hook) => hook switch
    {
        BpfAttachType.TcxIngress => "tcx ingress",
        BpfAttachType.TcxEgress => "tcx egress",
        BpfAttachType.NetkitPrimary => "netkit primary",
        _ => "netkit peer",
    };
}
