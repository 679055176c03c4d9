using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary>What the kernel says of a network device.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">The name that it bears.</param>
/// <param name="OtherNames">Its alternative names (5.5).</param>
/// <param name="Kind">Which driver made it of nothing; null when none did.</param>
internal sealed record NetworkDevice(int Index, string Name, IReadOnlyList<string> OtherNames, string? Kind)
{
    /// <summary>IFLA_IFNAME and IFLA_ALT_IFNAME.</summary>
    public const ushort NameAttribute = 3, AlternativeName = 53;

    private const ushort PropertyList = 52, LinkInfo = 18, InfoKind = 1; // IFLA_PROP_LIST, IFLA_LINKINFO, IFLA_INFO_KIND

    /// <summary>Reads a message (RTM_NEWLINK).</summary>
    /// <param name="payload">What follows the header of netlink.</param>
    /// <returns>Null when it is too short to be of a device.</returns>
    public static NetworkDevice? Read(ReadOnlySpan<byte> payload)
    {
        int size = Unsafe.SizeOf<InterfaceHeader>();
        if (payload.Length < size) return null;
        ReadOnlySpan<byte> attributes = payload[size..];
        return new NetworkDevice(
            MemoryMarshal.Read<InterfaceHeader>(payload).Index,
            NetlinkAttribute.TryFind(attributes, NameAttribute, out NetlinkAttribute name) ? name.Text : "",
            ReadOtherNames(attributes),
            NetlinkAttribute.TryFind(attributes, LinkInfo, out NetlinkAttribute info) && NetlinkAttribute.TryFind(info.Value, InfoKind, out NetlinkAttribute kind) ? kind.Text : null);
    }

    private static List<string> ReadOtherNames(ReadOnlySpan<byte> attributes)
    {
        if (!NetlinkAttribute.TryFind(attributes, PropertyList, out NetlinkAttribute properties)) return [];
        var names = new List<string>();
        ReadOnlySpan<byte> list = properties.Value;
        while (NetlinkAttribute.TryRead(ref list, out NetlinkAttribute property))
        {
            if (property.Type == AlternativeName) names.Add(property.Text);
        }

        return names;
    }
}
