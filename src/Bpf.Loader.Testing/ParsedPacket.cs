using System;
using System.Collections.Generic;
using Bpf.Loader.Testing.Packets;

namespace Bpf.Loader.Testing;

/// <summary>
/// What is in a packet: the inverse of <see cref="Packet"/>. Headers are read from the outside as far as they are whole and known; the rest
/// is the payload.
/// </summary>
public sealed class ParsedPacket
{
    private ParsedPacket()
    {
    }

    /// <summary>The Ethernet header; null when the packet is shorter.</summary>
    public EthernetHeader? Ethernet { get; private init; }

    /// <summary>The VLAN tags, the outer one first.</summary>
    public IReadOnlyList<VlanTag> Vlans { get; private init; } = [];

    /// <summary>The question or answer of ARP; null when there is none.</summary>
    public ArpMessage? Arp { get; private init; }

    /// <summary>The IPv4 header; null when there is none.</summary>
    public IPv4Header? IPv4 { get; private init; }

    /// <summary>The IPv6 header; null when there is none.</summary>
    public IPv6Header? IPv6 { get; private init; }

    /// <summary>The TCP header; null when there is none.</summary>
    public TcpHeader? Tcp { get; private init; }

    /// <summary>The UDP header; null when there is none.</summary>
    public UdpHeader? Udp { get; private init; }

    /// <summary>The message of ICMP or ICMPv6; null when there is none.</summary>
    public IcmpMessage? Icmp { get; private init; }

    /// <summary>What follows the last header.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>What is wrong with the packet: where it is cut off, or which length or checksum is not right; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems { get; private init; } = [];

    /// <summary>Reads a packet.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    public static ParsedPacket Parse(ReadOnlyMemory<byte> packet)
    {
        var reader = new PacketReader(packet);
        EthernetHeader? ethernet = reader.ReadEthernet(out ushort type);
        List<VlanTag> vlans = [];
        while (type is 0x8100 or 0x88a8 && reader.ReadVlan(type, out ushort next) is { } tag)
        {
            vlans.Add(tag);
            type = next;
        }

        ArpMessage? arp = type == 0x0806 ? reader.ReadArp() : null;
        byte? protocol = null;
        IPv4Header? four = type == 0x0800 ? reader.ReadIPv4(out protocol) : null;
        IPv6Header? six = type == 0x86dd ? reader.ReadIPv6(out protocol) : null;
        return new ParsedPacket
        {
            Ethernet = ethernet,
            Vlans = vlans,
            Arp = arp,
            IPv4 = four,
            IPv6 = six,
            Tcp = protocol == 6 ? reader.ReadTcp() : null,
            Udp = protocol == 17 ? reader.ReadUdp() : null,
            Icmp = protocol == (four is null ? 58 : 1) ? reader.ReadIcmp() : null,
            Payload = reader.Rest,
            Problems = reader.Problems,
        };
    }

    /// <summary>A builder of the same packet, whose lengths and checksums are right.</summary>
    /// <exception cref="InvalidOperationException">The packet has no Ethernet header.</exception>
    public Packet Rebuild()
    {
        if (Ethernet is not { } ethernet) throw new InvalidOperationException("The packet has no Ethernet header.");
        bool hasNetwork = Arp is not null || IPv4 is not null || IPv6 is not null, hasTransport = Tcp is not null || Udp is not null || Icmp is not null;
        Packet packet = Packet.Ethernet(PacketReader.Mac(ethernet.Source), PacketReader.Mac(ethernet.Destination), Vlans.Count > 0 || hasNetwork ? null : ethernet.Type);
        for (int i = 0; i < Vlans.Count; i++)
            packet = packet.Vlan(Vlans[i].Id, Vlans[i].Priority, Vlans[i].TagType, i < Vlans.Count - 1 || hasNetwork ? null : Vlans[i].Type);
        if (Arp is { } arp) packet = packet.Arp(PacketReader.Mac(arp.SenderMac), arp.Sender.ToString(), arp.Target.ToString(), arp.IsAnswer ? PacketReader.Mac(arp.TargetMac) : null);
        if (IPv4 is { } four)
            packet = packet.IPv4(four.Source.ToString(), four.Destination.ToString(), four.TimeToLive, hasTransport ? null : four.Protocol, four.TypeOfService, four.Fragment, four.Options.Span);
        if (IPv6 is { } six)
            packet = packet.IPv6(six.Source.ToString(), six.Destination.ToString(), six.HopLimit, hasTransport ? null : six.NextHeader, six.TrafficClass, six.FlowLabel);
        if (Tcp is { } tcp) packet = packet.Tcp(tcp.Port, tcp.SourcePort, tcp.Flags, tcp.Sequence, tcp.Acknowledgement, tcp.Window, tcp.Options.Span);
        if (Udp is { } udp) packet = packet.Udp(udp.Port, udp.SourcePort);
        if (Icmp is { } icmp) packet = packet.Icmp(icmp.Type, icmp.Code, icmp.Rest);
        return Payload.IsEmpty ? packet : packet.Payload(Payload.Span);
    }
}
