using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

public sealed class PacketTests
{
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Packet> All { get; } = new()
    {
        // Made with scapy's rules in mind, and read by `tcpdump -vv`, which says "correct" of each checksum.
        ["tcp"] = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80, flags: TcpFlags.Push | TcpFlags.Acknowledge).Payload("GET /"),
        ["udp"] = Packet.Ethernet().IPv4("192.0.2.1", "198.51.100.7").Udp(port: 53, sourcePort: 5353).Payload("odd"),
        ["udp6"] = Packet.Ethernet().IPv6("2001:db8::1", "2001:db8::2").Udp(port: 53).Payload("even"),
        ["tcp6"] = Packet.Ethernet().Vlan(7).IPv6("2001:db8::1", "2001:db8::2").Tcp(port: 443),
        ["icmp"] = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Icmp(8, 0, 0x1234_0001).Payload(new byte[56]),
        ["icmp6"] = Packet.Ethernet().IPv6("fe80::1", "ff02::1").Icmp(128).Payload(new byte[56]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Checksums_sum_up_to_nothing(string name)
    {
        byte[] packet = All[name].ToArray();
        int at = 12;
        while (BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at)) == 0x8100) at += 4;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));
        Span<byte> ip = packet.AsSpan(at + 2);
        uint pseudo;
        Span<byte> rest;
        byte protocol;
        if (type == 0x0800)
        {
            Assert.Equal(ip.Length, BinaryPrimitives.ReadUInt16BigEndian(ip[2..]));
            Assert.Equal(0xffff, Fold(Sum(ip[..20])));
            protocol = ip[9];
            rest = ip[20..];
            pseudo = protocol == 1 ? 0 : Sum(ip.Slice(12, 8)) + protocol + (uint)rest.Length;
        }
        else
        {
            Assert.Equal(0x86dd, type);
            Assert.Equal(ip.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(ip[4..]));
            protocol = ip[6];
            rest = ip[40..];
            pseudo = Sum(ip.Slice(8, 32)) + protocol + (uint)rest.Length;
        }

        Assert.Equal(0xffff, Fold(pseudo + Sum(rest)));
    }

    [Fact]
    public void Layers_say_what_follows()
    {
        byte[] packet = Packet.Ethernet().Vlan(100, priority: 3, type: 0x88a8).Vlan(200).IPv4("10.0.0.1", "10.0.0.2", timeToLive: 3).Udp(port: 1000).ToArray();
        Assert.Equal("88A8606481" + "0000C80800", Convert.ToHexString(packet.AsSpan(12, 10)));
        Assert.Equal((byte)3, packet[22 + 8]);
        Assert.Equal((byte)17, packet[22 + 9]);
    }

    [Fact]
    public void A_packet_begun_serves_for_several()
    {
        Packet ip = Packet.Ethernet().IPv4("10.0.0.1", "10.0.0.2");
        byte[] tcp = ip.Tcp(port: 80).ToArray(), udp = ip.Udp(port: 80).ToArray();
        Assert.Equal((6, 17), (tcp[23], udp[23]));
    }

    [Fact]
    public void Arp_asks_and_answers()
    {
        byte[] question = Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").ToArray();
        Assert.Equal("0806" + "0001080006040001" + "020000000001" + "0A000001" + "000000000000" + "0A000002", Convert.ToHexString(question.AsSpan(12)));
        byte[] answer = Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2", "02:00:00:00:00:02").ToArray();
        Assert.Equal((byte)2, answer[21]);
        Assert.Equal("020000000002", Convert.ToHexString(answer.AsSpan(32, 6)));
    }

    [Fact]
    public void Addresses_of_the_other_family_are_refused() =>
        Assert.Throws<ArgumentException>(() => Packet.Ethernet().IPv4("::1", "10.0.0.1"));

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++) sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        return sum;
    }

    private static int Fold(uint sum)
    {
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (int)sum;
    }
}
