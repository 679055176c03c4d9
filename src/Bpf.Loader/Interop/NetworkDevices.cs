using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>The network devices of the calling thread's network namespace, by every name that the kernel knows them by.</summary>
[SupportedOSPlatform("linux")]
internal static class NetworkDevices
{
    private const ushort NewLink = 16, GetLink = 18; // RTM_*
    private const int NameSize = 16; // IFNAMSIZ; alternative names have up to 127 bytes (ALTIFNAMSIZ, 5.5)

    /// <summary>Finds a device by its name, an alternative name (5.5), or its number as text.</summary>
    /// <returns>Its number and the name that it bears; null when there is none.</returns>
    /// <remarks>A device that bears a number as its name goes before the device of that number.</remarks>
    public static (int Index, string Name)? Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) return null;
        ushort attribute = Encoding.UTF8.GetByteCount(name) < NameSize ? NetworkDevice.NameAttribute : NetworkDevice.AlternativeName;
        if (Ask(new NetlinkMessage(GetLink, NetlinkFlags.None).Header(new InterfaceHeader()).Attribute(attribute, name)) is { } found) return found;

        // Where netlink is not to be had, the C library asks by an ioctl, which knows names of 15 bytes.
        if (LibC.InterfaceNameToIndex(name) is > 0 and uint index) return ((int)index, name);
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Find(number) : null;
    }

    /// <summary>Finds a device by its number.</summary>
    /// <returns>Its number and the name that it bears; null when there is none.</returns>
    public static (int Index, string Name)? Find(int index) =>
        index > 0 ? Ask(new NetlinkMessage(GetLink, NetlinkFlags.None).Header(new InterfaceHeader { Index = index })) : null;

    /// <summary>All names of all devices.</summary>
    public static IReadOnlyList<string> Names()
    {
        var names = new List<string>();
        Ask(new NetlinkMessage(GetLink, NetlinkFlags.Dump).Header(new InterfaceHeader()), device => names.AddRange([device.Name, .. device.OtherNames]));
        return names;
    }

    /// <summary>All devices of the network namespace of a socket.</summary>
    /// <exception cref="BpfException">The kernel refuses to tell.</exception>
    public static List<NetworkDevice> All(NetlinkSocket socket)
    {
        const int Attempts = 8; // with devices that come and go faster, one may be missing
        var devices = new List<NetworkDevice>();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            devices.Clear();
            Errno errno = socket.Ask(
                new NetlinkMessage(GetLink, NetlinkFlags.Dump).Header(new InterfaceHeader()),
                (type, payload) =>
                {
                    if (type == NewLink && NetworkDevice.Read(payload) is { } device) devices.Add(device);
                },
                out string? reason);
            if (errno != Errno.None) throw new BpfException("RTM_GETLINK", errno, "network devices", reason);
            if (!socket.IsInterrupted) break;
        }

        return devices;
    }

    private static (int Index, string Name)? Ask(NetlinkMessage message, Action<NetworkDevice>? take = null)
    {
        (int, string)? found = null;
        try
        {
            using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
            Errno errno = socket.Ask(
                message,
                (type, payload) =>
                {
                    if (type != NewLink || NetworkDevice.Read(payload) is not { } device) return;
                    found = (device.Index, device.Name);
                    take?.Invoke(device);
                },
                out _);
            return errno == Errno.None ? found : null;
        }
        catch (BpfException)
        {
            return null; // no socket: the caller has another way, or none
        }
    }
}
