using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links.Queries;

/// <summary>Asks the kernel who is attached where, whoever attached it.</summary>
/// <remarks>Devices and namespaces are those of the calling thread. CAP_BPF and CAP_NET_ADMIN; CAP_SYS_ADMIN before Linux 5.8.</remarks>
[SupportedOSPlatform("linux")]
public static partial class HookQuery
{
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    /// <summary>The programs of a cgroup.</summary>
    /// <param name="path">The cgroup, as <see cref="Cgroup.Open(string)"/> takes it.</param>
    /// <param name="hook">The hook.</param>
    /// <param name="effective">True for all that run, those of the cgroups above among them; false for those attached here.</param>
    /// <exception cref="BpfException">The path is no cgroup of version 2, or the kernel refused.</exception>
    /// <remarks>Linux 4.15.</remarks>
    public static HookState OfCgroup(string path, BpfAttachType hook, bool effective = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = $"{hook} of cgroup {path}";
        using Cgroup cgroup = Cgroup.Open(path);
        return HookReader.Read(cgroup.Descriptor, 0, hook, effective, target, CgroupHint);
    }

    /// <summary>The programs of a network device: tcx (6.6) and netkit (6.7).</summary>
    /// <param name="interfaceName">The device.</param>
    /// <param name="hook">Such as <see cref="BpfAttachType.TcxIngress"/>.</param>
    /// <exception cref="BpfException">There is no such device, or the kernel refused.</exception>
    public static HookState OfDevice(string interfaceName, BpfAttachType hook) => OfDevice(NetworkInterface.Find(interfaceName), hook);

    /// <inheritdoc cref="OfDevice(string, BpfAttachType)"/>
    /// <param name="interfaceIndex">The device's number.</param>
    /// <param name="hook">Such as <see cref="BpfAttachType.TcxIngress"/>.</param>
    public static HookState OfDevice(int interfaceIndex, BpfAttachType hook) => OfDevice(NetworkInterface.Of(interfaceIndex), hook);

    /// <summary>The programs of a network namespace: <see cref="BpfAttachType.FlowDissector"/> and <see cref="BpfAttachType.SkLookup"/>.</summary>
    /// <param name="path">The namespace, such as <c>/run/netns/NAME</c>; <see langword="null"/> for the calling thread's.</param>
    /// <param name="hook">The hook.</param>
    /// <exception cref="BpfException">The path is no network namespace, or the kernel refused.</exception>
    /// <remarks>Linux 4.20, sockets lookups 5.9.</remarks>
    public static HookState OfNetworkNamespace(string? path, BpfAttachType hook)
    {
        string target = $"{hook} of {path ?? "this network namespace"}";
        using FileDescriptorHandle? netns = KernelFile.OpenRead(path ?? OwnNamespace, out Errno errno);
        if (netns is null) throw new BpfException("open", errno, target, "Give a path such as /proc/PID/ns/net or /run/netns/NAME.");
        return HookReader.Read(netns, 0, hook, false, target, failure => failure == Errno.EINVAL ? "The path must be of a network namespace." : null);
    }

    /// <summary>The program of a sockmap or sockhash.</summary>
    /// <param name="map">The map.</param>
    /// <param name="hook">Such as <see cref="BpfAttachType.SkSkbStreamVerdict"/>.</param>
    /// <exception cref="BpfException">The map is of another type, or the kernel refused.</exception>
    /// <remarks>Linux 5.17.</remarks>
    public static HookState OfMap(BpfMap map, BpfAttachType hook)
    {
        ArgumentNullException.ThrowIfNull(map);
        return HookReader.Read(
            map.Handle, 0, hook, false, $"{hook} of map {map.Name}",
            failure => failure is Errno.EINVAL or Errno.EOPNOTSUPP ? "The map must be a SockMap or SockHash, and the kernel 5.17." : null);
    }

    /// <summary>The programs of an infrared receiver.</summary>
    /// <param name="path">The device, such as <c>/dev/lirc0</c>.</param>
    /// <exception cref="BpfException">There is no such device, or the kernel is built without CONFIG_BPF_LIRC_MODE2.</exception>
    /// <remarks>Linux 4.18.</remarks>
    public static HookState OfLirc(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileDescriptorHandle? device = KernelFile.OpenRead(path, out Errno errno);
        if (device is null) throw new BpfException("open", errno, $"infrared receiver {path}", null);
        return HookReader.Read(
            device, 0, BpfAttachType.LircMode2, false, $"infrared receiver {path}",
            failure => failure == Errno.EINVAL ? "It is no infrared receiver, or the kernel is built without CONFIG_BPF_LIRC_MODE2." : null);
    }

    private static HookState OfDevice(NetworkInterface device, BpfAttachType hook) => HookReader.Read(
        null, (uint)device.Index, hook, false, $"{hook} of network device {device.Name}", failure => failure switch
        {
            Errno.ENODEV => "There is no such device in this network namespace.",
            Errno.ENXIO or Errno.EACCES => "The device is no netkit device, or not the primary one of its pair.",
            Errno.EINVAL => "tcx needs Linux 6.6, and netkit 6.7.",
            _ => null,
        });

    private static string? CgroupHint(Errno errno) => errno switch
    {
        Errno.EINVAL => "The kernel does not know that hook, or it is built without CONFIG_CGROUP_BPF.",
        _ => null,
    };
}
