using System;
using System.Linq;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Packets that were built are read as what they were built of, and what was read is built the same.</summary>
public sealed class ParsedPacketTests
{
    [Fact]
    public void Each_layer_is_read()
    {
        ParsedPacket packet = ParsedPacket.Parse(Packet.Ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b").Vlan(9, 3, 0x88a8).Vlan(7)
            .IPv4("10.1.2.3", "10.0.0.1", timeToLive: 9, typeOfService: 3, options: [1, 1, 1, 0]).Tcp(port: 80, sourcePort: 999, TcpFlags.Push, 7, 8, 9, [2, 4, 5, 180]).Payload("text").ToArray());
        Assert.Empty(packet.Problems);
        Assert.Equal(("02000000000A", "02000000000B", (ushort)0x88a8), (packet.Ethernet!.Value.Source.ToString(), packet.Ethernet.Value.Destination.ToString(), packet.Ethernet.Value.Type));
        Assert.Equal([new VlanTag(9, 3, 0x88a8, 0x8100), new VlanTag(7, 0, 0x8100, 0x0800)], packet.Vlans);
        IPv4Header ip = packet.IPv4!.Value;
        Assert.Equal(("10.1.2.3", "10.0.0.1", (byte)9, (byte)6, (byte)3, true), (ip.Source.ToString(), ip.Destination.ToString(), ip.TimeToLive, ip.Protocol, ip.TypeOfService, ip.IsChecksumValid));
        Assert.Equal([1, 1, 1, 0], ip.Options.ToArray());
        TcpHeader tcp = packet.Tcp!.Value;
        Assert.Equal((999, 80, 7u, 8u, 9, TcpFlags.Push, true), (tcp.SourcePort, tcp.Port, tcp.Sequence, tcp.Acknowledgement, tcp.Window, tcp.Flags, tcp.IsChecksumValid));
        Assert.Equal([2, 4, 5, 180], tcp.Options.ToArray());
        Assert.Equal("text"u8, packet.Payload.Span);
        Assert.Null(packet.Udp);

        packet = ParsedPacket.Parse(Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2", "02:00:00:00:00:02").ToArray());
        Assert.Equal((true, "10.0.0.1", "020000000002", "10.0.0.2"), (packet.Arp!.Value.IsAnswer, packet.Arp.Value.Sender.ToString(), packet.Arp.Value.TargetMac.ToString(), packet.Arp.Value.Target.ToString()));

        packet = ParsedPacket.Parse(Packet.Ethernet().IPv6("2001:db8::1", "ff02::1", 5, trafficClass: 0x28, flowLabel: 0xabcde).Icmp(128, 1, 77).Payload(new byte[3]).ToArray());
        Assert.Equal((5, 0x28, 0xabcde, 11, 58), (packet.IPv6!.Value.HopLimit, packet.IPv6.Value.TrafficClass, packet.IPv6.Value.FlowLabel, packet.IPv6.Value.PayloadLength, packet.IPv6.Value.NextHeader));
        Assert.Equal(new IcmpMessage(128, 1, 77, true), packet.Icmp);
    }

    [Fact]
    public void What_was_built_is_read_and_built_the_same()
    {
        for (int seed = 0; seed < 5000; seed++)
        {
            byte[] built = Make(new Random(seed)).ToArray();
            ParsedPacket parsed = ParsedPacket.Parse(built);
            Assert.True(parsed.Problems.Count == 0, $"seed {seed}: {string.Join(' ', parsed.Problems)}");
            Assert.True(parsed.Rebuild().ToArray().SequenceEqual(built), $"seed {seed}:\n{Convert.ToHexString(built)}\n{Convert.ToHexString(parsed.Rebuild().ToArray())}");
        }
    }

    [Fact]
    public void Padding_of_a_short_frame_is_no_payload()
    {
        byte[] built = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Udp(port: 53).Payload("abc").ToArray();
        ParsedPacket parsed = ParsedPacket.Parse((byte[])[.. built, .. new byte[60 - built.Length]]);
        Assert.Empty(parsed.Problems);
        Assert.Equal("abc"u8, parsed.Payload.Span);
    }

    [Fact]
    public void Each_damaged_bit_of_what_checksums_are_about_is_seen()
    {
        byte[] built = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).Payload("some text").ToArray();
        for (int bit = 14 * 8; bit < built.Length * 8; bit++)
        {
            byte[] damaged = [.. built];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEmpty(ParsedPacket.Parse(damaged).Problems);
        }
    }

    [Fact]
    public void Any_bytes_are_read_as_far_as_they_go()
    {
        var random = new Random(3);
        for (int seed = 0; seed < 20_000; seed++)
        {
            byte[] bytes = Make(new Random(seed % 500)).ToArray();
            for (int i = random.Next(4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ParsedPacket parsed = ParsedPacket.Parse(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
            if (parsed.Ethernet is null) Assert.Throws<InvalidOperationException>(() => parsed.Rebuild());
            else if (parsed.Problems.Count == 0) Assert.NotEmpty(parsed.Rebuild().ToArray());
        }
    }

    private static Packet Make(Random random)
    {
        if (random.Next(8) == 0) return Packet.Ethernet(Mac(random), Mac(random), 0x88b5).Payload(Bytes(random, 40));
        Packet packet = Packet.Ethernet(Mac(random), Mac(random));
        for (int i = random.Next(3); i > 0; i--) packet = packet.Vlan(random.Next(4096), random.Next(8), i == 2 ? (ushort)0x88a8 : (ushort)0x8100);
        switch (random.Next(5))
        {
            case 0:
                return packet.Arp(Mac(random), Four(random), Four(random), random.Next(2) == 0 ? Mac(random) : null);
            case 1 or 2:
                packet = packet.IPv6(Six(random), Six(random), (byte)random.Next(256), random.Next(4) == 0 ? (byte)59 : null, (byte)random.Next(256), random.Next(1 << 20));
                break;
            default:
                // Now and then a fragment that is not the first, whose payload is no header.
                if (random.Next(6) == 0) return packet.IPv4(Four(random), Four(random), protocol: 17, fragment: (ushort)(0x2000 | random.Next(1, 0x2000))).Payload(Bytes(random, 64));
                packet = packet.IPv4(Four(random), Four(random), (byte)random.Next(256), null, (byte)random.Next(256), (ushort)(random.Next(2) << 14), new byte[4 * random.Next(4)]);
                break;
        }

        packet = random.Next(3) switch
        {
            0 => packet.Tcp(random.Next(65536), random.Next(65536), (TcpFlags)random.Next(256), (uint)random.Next(), (uint)random.Next(), (ushort)random.Next(65536), new byte[4 * random.Next(11)]),
            1 => packet.Udp(random.Next(65536), random.Next(65536)),
            _ => packet.Icmp((byte)random.Next(256), (byte)random.Next(256), (uint)random.Next()),
        };
        return random.Next(4) == 0 ? packet : packet.Payload(Bytes(random, 200));
    }

    private static string Mac(Random random) => Convert.ToHexString(Bytes(random, 6, 6));

    private static string Four(Random random) => new System.Net.IPAddress(Bytes(random, 4, 4)).ToString();

    private static string Six(Random random) => new System.Net.IPAddress(Bytes(random, 16, 16)).ToString();

    private static byte[] Bytes(Random random, int most, int least = 1)
    {
        byte[] bytes = new byte[random.Next(least, most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }
}
