using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>
/// Detaches programs that are attached without a link, whoever attached them. What a link holds is detached by
/// <see cref="BpfLink.Detach"/> of the link (<see cref="BpfLink.OpenById"/>).
/// </summary>
[SupportedOSPlatform("linux")]
public static class HookDetach
{
    /// <summary>Detaches a program from a cgroup.</summary>
    /// <param name="path">The cgroup's directory, of version 2.</param>
    /// <param name="hook">The hook.</param>
    /// <param name="program">The program; null for the only one, of a hook that does not share.</param>
    /// <exception cref="BpfException">It is not attached there without a link, or the kernel refused.</exception>
    /// <remarks>Linux 4.10; CAP_NET_ADMIN.</remarks>
    public static void FromCgroup(string path, BpfAttachType hook, BpfProgram? program)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileDescriptorHandle? cgroup = KernelFile.OpenDirectory(path, out Errno errno);
        if (cgroup is null) throw new BpfException("open", errno, $"cgroup {path}", null);
        Detach(new ProgramAttachRequest { Target = cgroup, Program = program?.Handle, AttachType = hook }, $"{hook} of cgroup {path}");
    }

    /// <summary>Detaches a program from tcx or netkit.</summary>
    /// <param name="interfaceName">The device.</param>
    /// <param name="hook">The hook, such as <see cref="BpfAttachType.TcxIngress"/>.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is not attached there without a link, or the kernel refused.</exception>
    /// <remarks>Linux 6.6; CAP_NET_ADMIN.</remarks>
    public static void FromDevice(string interfaceName, BpfAttachType hook, BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        NetworkInterface device = NetworkInterface.Find(interfaceName);
        Detach(new ProgramAttachRequest { TargetIfIndex = (uint)device.Index, Program = program.Handle, AttachType = hook }, $"{hook} of network device {interfaceName}");
    }

    /// <summary>Detaches a program from a sockmap or sockhash.</summary>
    /// <param name="map">The map.</param>
    /// <param name="hook">The hook, such as <see cref="BpfAttachType.SkSkbStreamVerdict"/>.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is not attached there without a link, or the kernel refused.</exception>
    /// <remarks>Linux 4.14; CAP_NET_ADMIN.</remarks>
    public static void FromMap(BpfMap map, BpfAttachType hook, BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(program);
        Detach(new ProgramAttachRequest { Target = map.Handle, Program = program.Handle, AttachType = hook }, $"{hook} of map {map.Name}");
    }

    /// <summary>Detaches a flow dissector from the calling thread's network namespace.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is not attached there without a link, or the kernel refused.</exception>
    /// <remarks>Linux 4.20; CAP_NET_ADMIN.</remarks>
    public static void FromFlowDissector(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        Detach(new ProgramAttachRequest { Program = program.Handle, AttachType = BpfAttachType.FlowDissector }, "the flow dissector of this network namespace");
    }

    /// <summary>Takes the XDP program off a network device, whichever it is.</summary>
    /// <param name="interfaceName">The device.</param>
    /// <param name="mode">Of which mode.</param>
    /// <exception cref="BpfException">A link holds it, or the kernel refused. That there is none is no error.</exception>
    /// <remarks>Linux 4.8; CAP_NET_ADMIN.</remarks>
    public static void FromXdp(string interfaceName, XdpMode mode = XdpMode.Default)
    {
        NetworkInterface device = NetworkInterface.Find(interfaceName);
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        Errno errno = XdpNetlink.Set(socket, device.Index, null, (uint)mode, null, out string? reason);
        if (errno == Errno.None) return;
        string? hint = errno == Errno.EBUSY ? "A link holds the program: detach the link." : reason is null ? null : $"The kernel says: {reason}.";
        throw Refusal.OfCall("RTM_SETLINK", errno, $"XDP of network device {interfaceName}", Capability.NetAdmin, hint);
    }

    private static void Detach(in ProgramAttachRequest request, string target)
    {
        Errno errno = BpfSyscall.ProgramDetach(request);
        if (errno == Errno.None) return;
        string? hint = errno switch
        {
            Errno.ENOENT => "The program is not attached there, or by a link: then detach the link.",
            Errno.EBUSY or Errno.EPERM => "A link holds the program: detach the link.",
            _ => null,
        };
        throw Refusal.Of(BpfCommand.ProgDetach, errno, target, hint);
    }
}
