using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>Network devices, before the kernel makes a buffer of the packet (4.8).</summary>
[SupportedOSPlatform("linux")]
internal static class XdpAttacher
{
    public static BpfLink Attach(ProgramToAttach program, NetworkInterface device, XdpOptions options)
    {
        string target = $"XDP of {device.Name}";
        if (options.UseNetlink) return AttachByNetlink(program, device, options, target);

        var request = new LinkCreateRequest
        {
            Program = program.Handle,
            TargetIfIndex = (uint)device.Index,
            AttachType = BpfAttachType.Xdp,
            Flags = (uint)options.Mode,
        };
        FileDescriptorHandle? link = BpfSyscall.LinkCreate(request, out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        // Kernels before 5.9 answer EINVAL; if the reason is another, netlink repeats it with the kernel's words.
        return errno == Errno.EINVAL
            ? AttachByNetlink(program, device, options, target)
            : throw Explain(BpfCommand.LinkCreate, errno, program, device, target);
    }

    private static XdpNetlinkLink AttachByNetlink(ProgramToAttach program, NetworkInterface device, XdpOptions options, string target)
    {
        NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        FileDescriptorHandle? own = null, before = null;
        try
        {
            // All that can fail comes first: what is attached stays.
            own = program.Handle.Duplicate();
            if (options.Expected is null && options.ReplaceAny) before = OpenPresent(socket, device, options.Mode);
            uint flags = (uint)options.Mode | (options.Expected is null && !options.ReplaceAny ? XdpNetlink.IfNoneFlag : 0);
            Errno errno = XdpNetlink.Set(socket, device.Index, own, flags, options.Expected?.Handle, out string? reason);
            if (errno == Errno.None) return new XdpNetlinkLink(socket, device.Index, own, (uint)options.Mode, target);
            if (socket.IsAnswerLost) throw TakeBack(socket, own, options.Expected?.Handle ?? before, errno, program, device, options, target);
            throw errno is Errno.EBUSY or Errno.EEXIST or Errno.ENODEV
                ? Explain(BpfCommand.LinkCreate, errno, program, device, target)
                : AttachFailure.OfCall("RTM_SETLINK", errno, program, target, Capability.NetAdmin, reason is null ? null : $"The kernel says: {reason}.");
        }
        catch
        {
            own?.Dispose();
            socket.Dispose();
            throw;
        }
        finally
        {
            before?.Dispose();
        }
    }

    private static FileDescriptorHandle? OpenPresent(NetlinkSocket socket, NetworkInterface device, XdpMode mode)
    {
        if (XdpNetlink.Query(socket, device.Index, out XdpState state) != Errno.None) return null;
        uint id = mode switch
        {
            XdpMode.Generic => state.GenericProgramId,
            XdpMode.Offloaded => state.OffloadedProgramId,
            _ => state.NativeProgramId,
        };
        if (id == 0 && mode == XdpMode.Default) id = state.ProgramId;
        return id == 0 ? null : BpfSyscall.OpenById(BpfCommand.ProgGetFdById, id, 0, out _);
    }

    // The kernel carries a request out while it is sent; so it does with this one, whether its answer can be read or not.
    private static BpfAttachException TakeBack(
        NetlinkSocket socket, FileDescriptorHandle own, FileDescriptorHandle? before, Errno lost,
        ProgramToAttach program, NetworkInterface device, XdpOptions options, string target)
    {
        Errno errno = XdpNetlink.Replace(socket, device.Index, own, before, (uint)options.Mode, out _);
        string? left = errno is not (Errno.None or Errno.EEXIST or Errno.ENODEV)
            ? $"The program may still be attached: see 'ip link show {device.Name}', and remove it with 'ip link set dev {device.Name} xdp off'."
            : options.ReplaceAny && before is null ? "It is detached again, and the program that it may have replaced is not attached any more." : null;
        return AttachFailure.OfLostAnswer("RTM_SETLINK", lost, program, target, left);
    }

    private static BpfAttachException Explain(BpfCommand command, Errno errno, ProgramToAttach program, NetworkInterface device, string target)
    {
        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        switch (errno)
        {
            case Errno.EBUSY or Errno.EEXIST:
                return new BpfAttachException(
                    BpfDiagnosticId.AlreadyAttached, target, $"{cannot}another program is there{ByWhom(device)}.", errno, command.ToUapiName(),
                    "Detach it, or replace it: a link by its Update, a program of netlink with UseNetlink and Expected or ReplaceAny.");
            case Errno.ENODEV:
                return new BpfAttachException(BpfDiagnosticId.NoSuchInterface, target, $"{cannot}the device is gone.", errno, command.ToUapiName());
            case Errno.EOPNOTSUPP:
                return AttachFailure.Of(command, errno, program, target, "The driver of the device does not take XDP programs in that mode; try XdpMode.Generic.");
            default:
                return AttachFailure.Of(command, errno, program, target);
        }
    }

    private static string ByWhom(NetworkInterface device)
    {
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        if (XdpNetlink.Query(socket, device.Index, out XdpState state) != Errno.None) return "";
        uint id = state.NativeProgramId != 0 ? state.NativeProgramId : state.GenericProgramId != 0 ? state.GenericProgramId : state.OffloadedProgramId;
        return id == 0 ? "" : $" ({AttachedBy.Name(id)})";
    }
}
