using System.Collections.Generic;
using Bpf.Loader.Testing;

namespace Bpf.Loader.Tests.Classic;

/// <summary>Packets of many kinds.</summary>
internal static class PacketSamples
{
    public static IEnumerable<byte[]> All
    {
        get
        {
            foreach (Packet packet in Built) yield return packet.ToArray();
            byte[] cut = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
            for (int length = 1; length < cut.Length; length += 7) yield return cut[..length];
        }
    }

    private static IEnumerable<Packet> Built =>
    [
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).Payload("GET / HTTP/1.1\r\n\r\n"),
        Packet.Ethernet().IPv4("10.0.0.1", "10.1.2.3").Tcp(port: 40000, sourcePort: 80, flags: TcpFlags.Synchronize | TcpFlags.Acknowledge),
        Packet.Ethernet().IPv4("10.1.2.3", "192.0.2.9", timeToLive: 3).Tcp(port: 443, flags: TcpFlags.Finish),
        Packet.Ethernet().IPv4("10.9.9.9", "10.0.0.1").Tcp(port: 22).Payload(new byte[1400]),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Udp(port: 53).Payload("question"),
        Packet.Ethernet().IPv4("10.1.2.3", "224.0.0.251").Udp(port: 5353).Payload(new byte[120]),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1", options: [1, 1, 1, 0]).Udp(port: 67, sourcePort: 1500),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1", fragment: 0x2001).Udp(port: 53).Payload(new byte[64]),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Icmp(),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Icmp(type: 0),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1", protocol: 47).Payload(new byte[30]),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1", protocol: 2).Payload(new byte[8]),
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1", protocol: 132).Payload(new byte[20]),
        Packet.Ethernet().IPv6("2001:db8::1", "2001:db8::2").Tcp(port: 80),
        Packet.Ethernet().IPv6("2001:db8::1", "2001:db8::2").Udp(port: 53).Payload("question"),
        Packet.Ethernet().IPv6("2001:db8::1", "ff02::1").Icmp(type: 128).Payload(new byte[40]),
        Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2"),
        Packet.Ethernet(destination: "ff:ff:ff:ff:ff:ff").Arp("02:00:00:00:00:01", "10.0.0.9", "10.0.0.2").Payload(new byte[18]),
        Packet.Ethernet(destination: "01:80:c2:00:00:0e", type: 0x88cc).Payload(new byte[50]),
        Packet.Ethernet().Vlan(3).IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80),
        Packet.Ethernet().Vlan(7).IPv4("10.1.2.3", "10.0.0.1").Udp(port: 53),
        Packet.Ethernet().Vlan(3, type: 0x88a8).Vlan(4).IPv4("10.1.2.3", "10.0.0.1").Udp(port: 53),
        Packet.Ethernet(type: 0x8847).Payload([0, 6, 0x41, 64]).Payload(new byte[40]),
        Packet.Ethernet(type: 0x8864).Payload([0x11, 0, 0, 1, 0, 22, 0, 0x21]).Payload(new byte[24]),
    ];
}
