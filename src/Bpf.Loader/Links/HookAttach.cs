using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;

namespace Bpf.Loader.Links;

/// <summary>
/// Attaches programs without a link, in the way of older kernels: what is attached so stays when the process ends, until somebody
/// detaches it (<see cref="HookDetach"/>). The attach methods of <see cref="BpfProgram"/> are for programs that go with their process.
/// </summary>
[SupportedOSPlatform("linux")]
public static class HookAttach
{
    private const uint ReplaceFlag = 1 << 2; // BPF_F_REPLACE

    /// <summary>Attaches a program to a cgroup.</summary>
    /// <param name="program">The program.</param>
    /// <param name="path">The cgroup's directory, of version 2.</param>
    /// <param name="hook">The hook.</param>
    /// <param name="flags">How it shares the cgroup.</param>
    /// <exception cref="BpfAttachException">The path is no cgroup of version 2, its programs do not share, or the kernel refused.</exception>
    /// <remarks>Linux 4.10; CAP_BPF and CAP_NET_ADMIN.</remarks>
    public static void ToCgroup(BpfProgram program, string path, BpfAttachType hook, HookFlags flags = HookFlags.None)
    {
        ArgumentNullException.ThrowIfNull(program);
        var options = new CgroupOptions
        {
            AttachType = hook,
            PreOrder = (flags & HookFlags.PreOrder) != 0,
            Mode = (flags & HookFlags.AllowMulti) != 0 ? CgroupAttachMode.Multiple
                : (flags & HookFlags.AllowOverride) != 0 ? CgroupAttachMode.Overridable : CgroupAttachMode.Exclusive,
        };
        Leave(CgroupAttacher.Attach(program.ToAttach, path, options));
    }

    /// <summary>Attaches a program to tcx or netkit.</summary>
    /// <param name="program">The program.</param>
    /// <param name="interfaceName">The device.</param>
    /// <param name="hook">The hook, such as <see cref="BpfAttachType.TcxIngress"/>.</param>
    /// <param name="order">Where among the programs that are there; null is behind them.</param>
    /// <param name="replaced">The program whose place it takes, if any.</param>
    /// <exception cref="BpfAttachException">There is no such device, the order cannot be kept, or the kernel refused.</exception>
    /// <remarks>Linux 6.6, netkit 6.7; CAP_NET_ADMIN.</remarks>
    public static void ToDevice(
        BpfProgram program, string interfaceName, BpfAttachType hook, AttachOrder? order = null, BpfProgram? replaced = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        NetworkInterface device = NetworkInterface.Find(interfaceName);
        uint place = order?.Flags ?? (replaced is null ? AttachOrder.Last.Flags : 0);
        var request = new ProgramAttachRequest
        {
            Program = program.Handle,
            TargetIfIndex = (uint)device.Index,
            AttachType = hook,
            Flags = place | (replaced is null ? 0 : ReplaceFlag),
            Replaced = replaced?.Handle,
            Anchor = order?.Anchor,
            AnchorId = order?.AnchorId ?? 0,
            ExpectedRevision = order?.ExpectedRevision ?? 0,
        };
        Errno errno = BpfSyscall.ProgramAttach(request);
        if (errno != Errno.None) throw DeviceLinkAttacher.Explain(BpfCommand.ProgAttach, errno, program.ToAttach, device, hook);
    }

    /// <summary>Attaches a program to a sockmap or sockhash.</summary>
    /// <param name="program">The program.</param>
    /// <param name="map">The map.</param>
    /// <param name="hook">The hook, such as <see cref="BpfAttachType.SkSkbStreamVerdict"/>.</param>
    /// <exception cref="BpfAttachException">The map is of another type, has such a program, or the kernel refused.</exception>
    /// <remarks>Linux 4.14; CAP_NET_ADMIN.</remarks>
    public static void ToMap(BpfProgram program, BpfMap map, BpfAttachType hook)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(map);
        string target = $"{hook} of map {map.Name}";
        if (AttachedBy.Any(map.Handle, hook)) throw AlreadyThere(program, target, AttachedBy.Describe(map.Handle, hook));
        Attach(program, new ProgramAttachRequest { Program = program.Handle, Target = map.Handle, AttachType = hook }, target);
    }

    /// <summary>Attaches a flow dissector to the calling thread's network namespace.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfAttachException">Another is there, or the kernel refused.</exception>
    /// <remarks>Linux 4.20; CAP_NET_ADMIN.</remarks>
    public static void ToFlowDissector(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        const string Target = "the flow dissector of this network namespace";
        using FileDescriptorHandle? netns = KernelFile.OpenRead("/proc/thread-self/ns/net", out _);
        if (netns is not null && AttachedBy.Any(netns, BpfAttachType.FlowDissector)) throw AlreadyThere(program, Target, AttachedBy.Describe(netns, BpfAttachType.FlowDissector));
        Attach(program, new ProgramAttachRequest { Program = program.Handle, AttachType = BpfAttachType.FlowDissector }, Target);
    }

    /// <summary>Attaches a program to XDP of a network device.</summary>
    /// <param name="program">The program.</param>
    /// <param name="interfaceName">The device.</param>
    /// <param name="mode">Where it runs.</param>
    /// <param name="overwrite">Whether a program that is there, and is not held by a link, is replaced.</param>
    /// <exception cref="BpfAttachException">There is no such device, another program is there, or the kernel refused.</exception>
    /// <remarks>Linux 4.8; CAP_NET_ADMIN.</remarks>
    public static void ToXdp(BpfProgram program, string interfaceName, XdpMode mode = XdpMode.Default, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(program);
        Leave(XdpAttacher.Attach(
            program.ToAttach, NetworkInterface.Find(interfaceName), new XdpOptions { Mode = mode, UseNetlink = true, ReplaceAny = overwrite }));
    }

    // The kernel would put the program in the place of the other without a word.
    private static BpfAttachException AlreadyThere(BpfProgram program, string target, string who) => AttachFailure.Of(
        BpfCommand.ProgAttach, Errno.EBUSY, program.ToAttach, target, $"Another program is there{who}: detach it first.", BpfDiagnosticId.AlreadyAttached);

    private static void Leave(BpfLink attached)
    {
        attached.Disconnect();
        attached.Dispose();
    }

    private static void Attach(BpfProgram program, in ProgramAttachRequest request, string target)
    {
        Errno errno = BpfSyscall.ProgramAttach(request);
        if (errno == Errno.None) return;
        string? hint = errno switch
        {
            Errno.EBUSY or Errno.EEXIST => "Another program is there.",
            Errno.EOPNOTSUPP or Errno.EINVAL => "The program, or the map, is not of a type that fits.",
            _ => null,
        };
        throw AttachFailure.Of(
            BpfCommand.ProgAttach, errno, program.ToAttach, target, hint, errno is Errno.EBUSY or Errno.EEXIST ? BpfDiagnosticId.AlreadyAttached : null);
    }
}
