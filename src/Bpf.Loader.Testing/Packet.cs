using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using Bpf.Loader.Testing.Packets;

namespace Bpf.Loader.Testing;

/// <summary>
/// Builds a packet, layer by layer from the outside: lengths, the types of what follows and checksums are filled in at the end. A packet
/// without IP in it is as long as the test makes it; nothing is padded.
/// </summary>
/// <example>
/// <code>Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).Payload("GET / HTTP/1.1\r\n\r\n")</code>
/// </example>
public sealed class Packet
{
    private readonly List<(PacketLayer Kind, byte[] Bytes)> _layers = [];

    private Packet()
    {
    }

    /// <summary>Begins with an Ethernet header.</summary>
    /// <param name="source">The sender, such as <c>02:00:00:00:00:01</c>.</param>
    /// <param name="destination">The receiver.</param>
    /// <param name="type">What follows; null for that of the next layer.</param>
    public static Packet Ethernet(string source = "02:00:00:00:00:01", string destination = "02:00:00:00:00:02", ushort? type = null)
    {
        byte[] bytes = new byte[14];
        PhysicalAddress.Parse(destination).GetAddressBytes().CopyTo(bytes, 0);
        PhysicalAddress.Parse(source).GetAddressBytes().CopyTo(bytes, 6);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), type ?? 0);
        return new Packet().Add(PacketLayer.Ethernet, bytes);
    }

    /// <summary>Adds a VLAN tag.</summary>
    /// <param name="id">The VLAN.</param>
    /// <param name="priority">The priority, 0 to 7.</param>
    /// <param name="type">The type of the tag: <c>0x8100</c>, or <c>0x88a8</c> for the outer one of two.</param>
    /// <param name="next">What follows; null for that of the next layer.</param>
    public Packet Vlan(int id, int priority = 0, ushort type = 0x8100, ushort? next = null)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), next ?? 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)((priority << 13) | (id & 0xfff)));
        return Add(PacketLayer.Vlan, bytes, type);
    }

    /// <summary>Adds a question or answer of ARP.</summary>
    /// <param name="senderMac">The hardware address of the sender.</param>
    /// <param name="sender">Its address.</param>
    /// <param name="target">The address that is asked for.</param>
    /// <param name="targetMac">The hardware address that is answered; null for a question.</param>
    public Packet Arp(string senderMac, string sender, string target, string? targetMac = null)
    {
        byte[] bytes = [0, 1, 8, 0, 6, 4, 0, (byte)(targetMac is null ? 1 : 2), .. PhysicalAddress.Parse(senderMac).GetAddressBytes(), .. Address(sender, 4), .. new byte[6], .. Address(target, 4)];
        if (targetMac is not null) PhysicalAddress.Parse(targetMac).GetAddressBytes().CopyTo(bytes, 18);
        return Add(PacketLayer.Arp, bytes, 0x0806);
    }

    /// <summary>Adds an IPv4 header.</summary>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The receiver.</param>
    /// <param name="timeToLive">The hops that remain.</param>
    /// <param name="protocol">What follows; null for that of the next layer.</param>
    /// <param name="typeOfService">Type of service, with its bits for congestion.</param>
    /// <param name="fragment">Flags and offset of a fragment.</param>
    /// <param name="options">Options, whose length is a multiple of 4.</param>
    public Packet IPv4(
        string source, string destination, byte timeToLive = 64, byte? protocol = null, byte typeOfService = 0, ushort fragment = 0, ReadOnlySpan<byte> options = default)
    {
        if (options.Length % 4 != 0 || options.Length > 40) throw new ArgumentException("Options of IPv4 have a multiple of 4 bytes, and at most 40.", nameof(options));
        byte[] bytes = [(byte)(0x40 | (5 + (options.Length / 4))), typeOfService, 0, 0, 0, 0, (byte)(fragment >> 8), (byte)fragment, timeToLive, protocol ?? 0, 0, 0, .. Address(source, 4), .. Address(destination, 4), .. options];
        return Add(PacketLayer.IPv4, bytes, 0x0800);
    }

    /// <summary>Adds an IPv6 header.</summary>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The receiver.</param>
    /// <param name="hopLimit">The hops that remain.</param>
    /// <param name="nextHeader">What follows; null for that of the next layer.</param>
    /// <param name="trafficClass">The traffic class.</param>
    /// <param name="flowLabel">The flow label.</param>
    public Packet IPv6(string source, string destination, byte hopLimit = 64, byte? nextHeader = null, byte trafficClass = 0, int flowLabel = 0)
    {
        byte[] bytes = [0, 0, 0, 0, 0, 0, nextHeader ?? 0, hopLimit, .. Address(source, 16), .. Address(destination, 16)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0x6000_0000u | ((uint)trafficClass << 20) | ((uint)flowLabel & 0xfffff));
        return Add(PacketLayer.IPv6, bytes, 0x86dd);
    }

    /// <summary>Adds a TCP header.</summary>
    /// <param name="port">The port of the receiver.</param>
    /// <param name="sourcePort">The port of the sender.</param>
    /// <param name="flags">The flags; by default a connection is opened.</param>
    /// <param name="sequence">The number of the first byte.</param>
    /// <param name="acknowledgement">The number of the next byte that is expected.</param>
    /// <param name="window">How much the sender takes.</param>
    /// <param name="options">Options, whose length is a multiple of 4.</param>
    public Packet Tcp(
        int port, int sourcePort = 40000, TcpFlags flags = TcpFlags.Synchronize, uint sequence = 0, uint acknowledgement = 0, ushort window = 65535, ReadOnlySpan<byte> options = default)
    {
        if (options.Length % 4 != 0 || options.Length > 40) throw new ArgumentException("Options of TCP have a multiple of 4 bytes, and at most 40.", nameof(options));
        byte[] bytes = [.. new byte[20], .. options];
        WritePorts(bytes, sourcePort, port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), acknowledgement);
        bytes[12] = (byte)((5 + (options.Length / 4)) << 4);
        bytes[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), window);
        return Add(PacketLayer.Tcp, bytes, 6);
    }

    /// <summary>Adds a UDP header.</summary>
    /// <param name="port">The port of the receiver.</param>
    /// <param name="sourcePort">The port of the sender.</param>
    public Packet Udp(int port, int sourcePort = 40000)
    {
        byte[] bytes = new byte[8];
        WritePorts(bytes, sourcePort, port);
        return Add(PacketLayer.Udp, bytes, 17);
    }

    /// <summary>Adds a message of ICMP, or of ICMPv6 after an IPv6 header.</summary>
    /// <param name="type">The type; 8, a ping, by default.</param>
    /// <param name="code">The code.</param>
    /// <param name="rest">The four bytes that follow the checksum.</param>
    public Packet Icmp(byte type = 8, byte code = 0, uint rest = 0)
    {
        byte[] bytes = new byte[8];
        (bytes[0], bytes[1]) = (type, code);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), rest);
        bool isV6 = _layers[^1].Kind == PacketLayer.IPv6;
        return isV6 ? Add(PacketLayer.IcmpV6, bytes, 58) : Add(PacketLayer.IcmpV4, bytes, 1);
    }

    /// <summary>Adds bytes.</summary>
    public Packet Payload(ReadOnlySpan<byte> bytes) => Add(PacketLayer.Payload, bytes.ToArray());

    /// <summary>Adds text, as UTF-8.</summary>
    public Packet Payload(string text) => Payload(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes of the packet.</summary>
    public byte[] ToArray() => PacketAssembly.Assemble(_layers);

    private static void WritePorts(byte[] bytes, int source, int destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)source);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)destination);
    }

    private static byte[] Address(string text, int size)
    {
        byte[] bytes = IPAddress.Parse(text).GetAddressBytes();
        return bytes.Length == size ? bytes : throw new ArgumentException($"{text} is no IPv{(size == 4 ? 4 : 6)} address.");
    }

    // The header before says what follows, unless the test has said so. A packet that others were made of stays as it is.
    private Packet Add(PacketLayer kind, byte[] bytes, ushort type = 0)
    {
        var longer = new Packet();
        longer._layers.AddRange(_layers);
        if (type != 0 && _layers.Count > 0) longer._layers[^1] = Announce(_layers[^1], type);
        longer._layers.Add((kind, bytes));
        return longer;
    }

    private static (PacketLayer Kind, byte[] Bytes) Announce((PacketLayer Kind, byte[] Bytes) layer, ushort type)
    {
        byte[] copy = [.. layer.Bytes];
        switch (layer.Kind)
        {
            case PacketLayer.Ethernet when BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(12)) == 0:
                BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(12), type);
                break;
            case PacketLayer.Vlan when BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(2)) == 0:
                BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(2), type);
                break;
            case PacketLayer.IPv4 when copy[9] == 0:
                copy[9] = (byte)type;
                break;
            case PacketLayer.IPv6 when copy[6] == 0:
                copy[6] = (byte)type;
                break;
        }

        return (layer.Kind, copy);
    }
}
