using System.Collections.Generic;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links.Queries;

public static partial class HookQuery
{
    /// <summary>The XDP programs of a network device.</summary>
    /// <param name="interfaceName">The device.</param>
    /// <exception cref="BpfException">There is no such device, or the kernel does not tell.</exception>
    /// <remarks>Linux 4.13. No capability is needed.</remarks>
    public static XdpDevice OfXdp(string interfaceName)
    {
        NetworkInterface device = NetworkInterface.Find(interfaceName);
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        Errno errno = XdpNetlink.Query(socket, device.Index, out XdpState state);
        return errno == Errno.None
            ? new XdpDevice(device.Index, device.Name, state.NativeProgramId, state.GenericProgramId, state.OffloadedProgramId)
            : throw new BpfException("RTM_GETLINK", errno, $"XDP of network device {interfaceName}", null);
    }

    /// <summary>All network devices, with their XDP programs.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    /// <remarks>Linux 4.13. No capability is needed.</remarks>
    public static IReadOnlyList<XdpDevice> XdpDevices()
    {
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        var devices = new List<XdpDevice>();
        Errno errno = XdpNetlink.QueryAll(socket, (index, name, state) => devices.Add(
            new XdpDevice(index, name, state.NativeProgramId, state.GenericProgramId, state.OffloadedProgramId)));
        return errno == Errno.None ? devices : throw new BpfException("RTM_GETLINK", errno, "all network devices", null);
    }

    /// <summary>The BPF filters of a network device, in the order in which packets meet them.</summary>
    /// <param name="interfaceName">The device.</param>
    /// <param name="direction">Packets that come in or go out.</param>
    /// <returns>None when the device has no clsact qdisc.</returns>
    /// <exception cref="BpfException">There is no such device, or the kernel does not tell.</exception>
    /// <remarks>Linux 4.5; the programs' numbers 4.13.</remarks>
    public static IReadOnlyList<TcFilter> OfTc(string interfaceName, TrafficDirection direction) =>
        OfTc(NetworkInterface.Find(interfaceName), direction);

    /// <inheritdoc cref="OfTc(string, TrafficDirection)"/>
    /// <param name="interfaceIndex">The device's number.</param>
    /// <param name="direction">Packets that come in or go out.</param>
    public static IReadOnlyList<TcFilter> OfTc(int interfaceIndex, TrafficDirection direction) =>
        OfTc(NetworkInterface.Of(interfaceIndex), direction);

    private static List<TcFilter> OfTc(NetworkInterface device, TrafficDirection direction)
    {
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        Errno errno = TcNetlink.List(socket, device.Index, direction, out List<TcFilter> filters);
        // Of a device without the qdisc, the kernel says EINVAL or gives nothing.
        return errno is Errno.None or Errno.EINVAL or Errno.ENOENT
            ? filters
            : throw new BpfException("RTM_GETTFILTER", errno, $"{direction} filters of network device {device.Name}", null);
    }
}
