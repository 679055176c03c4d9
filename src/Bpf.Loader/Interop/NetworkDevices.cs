using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>The network devices of the calling thread's network namespace, by every name that the kernel knows them by.</summary>
[SupportedOSPlatform("linux")]
internal static class NetworkDevices
{
    private const ushort NewLink = 16, GetLink = 18; // RTM_*
    private const ushort NameAttribute = 3, PropertyList = 52, AlternativeName = 53; // IFLA_IFNAME, IFLA_PROP_LIST, IFLA_ALT_IFNAME
    private const int NameSize = 16; // IFNAMSIZ; alternative names have up to 127 bytes (ALTIFNAMSIZ, 5.5)

    /// <summary>Finds a device by its name, an alternative name (5.5), or its number as text.</summary>
    /// <returns>Its number and the name that it bears; null when there is none.</returns>
    /// <remarks>A device that bears a number as its name goes before the device of that number.</remarks>
    public static (int Index, string Name)? Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) return null;
        ushort attribute = Encoding.UTF8.GetByteCount(name) < NameSize ? NameAttribute : AlternativeName;
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
        Ask(new NetlinkMessage(GetLink, NetlinkFlags.Dump).Header(new InterfaceHeader()), names);
        return names;
    }

    private static (int Index, string Name)? Ask(NetlinkMessage message, List<string>? names = null)
    {
        (int, string)? found = null;
        try
        {
            using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
            Errno errno = socket.Ask(
                message,
                (type, payload) =>
                {
                    if (type == NewLink && TryRead(payload, names, out (int, string) device)) found = device;
                },
                out _);
            return errno == Errno.None ? found : null;
        }
        catch (BpfException)
        {
            return null; // no socket: the caller has another way, or none
        }
    }

    /// <summary>Reads what the kernel says of a device.</summary>
    /// <param name="payload">Its message.</param>
    /// <param name="names">Is given all names of the device, if anybody wants them.</param>
    /// <param name="device">Its number and the name that it bears.</param>
    internal static bool TryRead(ReadOnlySpan<byte> payload, List<string>? names, out (int Index, string Name) device)
    {
        device = (0, "");
        int size = Unsafe.SizeOf<InterfaceHeader>();
        if (payload.Length < size) return false;
        ReadOnlySpan<byte> attributes = payload[size..];
        string name = NetlinkAttribute.TryFind(attributes, NameAttribute, out NetlinkAttribute text) ? text.Text : "";
        device = (MemoryMarshal.Read<InterfaceHeader>(payload).Index, name);
        if (names is null) return true;
        names.Add(name);
        if (!NetlinkAttribute.TryFind(attributes, PropertyList, out NetlinkAttribute properties)) return true;
        ReadOnlySpan<byte> list = properties.Value;
        while (NetlinkAttribute.TryRead(ref list, out NetlinkAttribute property))
        {
            if (property.Type == AlternativeName) names.Add(property.Text);
        }

        return true;
    }
}
