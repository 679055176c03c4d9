using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Where what follows the headers that the kernel knows begins in a packet (<c>skb_get_poff</c> of net/core/flow_dissector.c).</summary>
internal static class PayloadOffset
{
    private const int EthernetHeader = 14;
    private const byte Icmp = 1, Igmp = 2, Tcp = 6, Udp = 17, Dccp = 33, IcmpV6 = 58, Sctp = 132, UdpLite = 136;

    /// <summary>The offset in what programs see of the packet; 0 when the packet is cut or of an unknown type.</summary>
    public static int Of(SkBuffContext context)
    {
        ReadOnlySpan<byte> packet = context.Packet;
        if (packet.Length < EthernetHeader) return 0;
        int at = EthernetHeader, type = BinaryPrimitives.ReadUInt16BigEndian(packet[12..]);
        while (type is 0x8100 or 0x88a8)
        {
            if (packet.Length < at + 4) return 0;
            type = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            at += 4;
        }

        int offset = type switch
        {
            0x0800 => OfIPv4(packet, at),
            0x86dd => OfIPv6(packet, at),
            0x0806 => at,
            _ => 0,
        };
        return offset == 0 ? 0 : Math.Min(offset, packet.Length) - (context.StartsAtNetworkHeader ? EthernetHeader : 0);
    }

    private static int OfIPv4(ReadOnlySpan<byte> packet, int at)
    {
        if (packet.Length < at + 20) return 0;
        int length = (packet[at] & 0xf) * 4;
        if (length < 20) return 0;
        // MF and the offset: of a fragment, the ports may be elsewhere.
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 6)..]) & 0x3fff) != 0;
        return isFragment ? at + length : Behind(packet, at + length, packet[at + 9]);
    }

    private static int OfIPv6(ReadOnlySpan<byte> packet, int at)
    {
        if (packet.Length < at + 40) return 0;
        byte next = packet[at + 6];
        at += 40;
        // Hop-by-hop options, routing, destination options.
        while (next is 0 or 43 or 60)
        {
            if (packet.Length < at + 2) return 0;
            next = packet[at];
            at += (packet[at + 1] + 1) * 8;
        }

        const byte Fragment = 44;
        return next == Fragment ? at + 8 : Behind(packet, at, next);
    }

    private static int Behind(ReadOnlySpan<byte> packet, int at, byte protocol) => protocol switch
    {
        Tcp => packet.Length > at + 12 ? at + Math.Max(20, (packet[at + 12] & 0xf0) >> 2) : at,
        Udp or UdpLite or Icmp or IcmpV6 or Igmp => at + 8,
        Dccp or Sctp => at + 12,
        _ => at,
    };
}
