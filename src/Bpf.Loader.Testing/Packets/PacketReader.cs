using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.NetworkInformation;

namespace Bpf.Loader.Testing.Packets;

/// <summary>Reads the headers of a packet, one after the other.</summary>
internal sealed class PacketReader(ReadOnlyMemory<byte> packet)
{
    private readonly List<string> _problems = [];
    private uint _pseudoHeader;
    private bool _isFragment, _isV6;

    /// <summary>What was not read.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = packet;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>A hardware address as it is written.</summary>
    public static string Mac(PhysicalAddress address) => Convert.ToHexString(address.GetAddressBytes());

    public EthernetHeader? ReadEthernet(out ushort type)
    {
        type = 0;
        if (!TryTake(14, "Ethernet header", out ReadOnlySpan<byte> bytes)) return null;
        type = BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]);
        return new EthernetHeader(new PhysicalAddress(bytes.Slice(6, 6).ToArray()), new PhysicalAddress(bytes[..6].ToArray()), type);
    }

    public VlanTag? ReadVlan(ushort tagType, out ushort type)
    {
        type = 0;
        if (!TryTake(4, "VLAN tag", out ReadOnlySpan<byte> bytes)) return null;
        ushort control = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        type = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return new VlanTag(control & 0xfff, control >> 13, tagType, type);
    }

    public ArpMessage? ReadArp()
    {
        if (!TryTake(28, "ARP message", out ReadOnlySpan<byte> bytes)) return null;
        if (!bytes[..6].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4])) _problems.Add("The ARP message is not about IPv4 over Ethernet.");
        return new ArpMessage(
            bytes[7] == 2, new PhysicalAddress(bytes.Slice(8, 6).ToArray()), new IPAddress(bytes.Slice(14, 4)), new PhysicalAddress(bytes.Slice(18, 6).ToArray()), new IPAddress(bytes.Slice(24, 4)));
    }

    public IPv4Header? ReadIPv4(out byte? protocol)
    {
        protocol = null;
        ReadOnlyMemory<byte> all = Rest;
        int size = all.Length > 0 ? (all.Span[0] & 0xf) * 4 : 20;
        if (size < 20) _problems.Add($"The IPv4 header says that it has {size} bytes.");
        if (!TryTake(Math.Max(size, 20), "IPv4 header", out ReadOnlySpan<byte> bytes)) return null;
        var header = new IPv4Header
        {
            Source = new IPAddress(bytes.Slice(12, 4)),
            Destination = new IPAddress(bytes.Slice(16, 4)),
            TimeToLive = bytes[8],
            Protocol = bytes[9],
            TypeOfService = bytes[1],
            Fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            Length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Options = all[20..Math.Max(size, 20)],
            IsChecksumValid = InternetChecksum.Of(bytes) == 0,
        };
        if (!header.IsChecksumValid) _problems.Add("The checksum of the IPv4 header is wrong.");
        CutTo(header.Length - bytes.Length, "IPv4 header");
        // More fragments, or an offset: only the first has the header of what is above, and none its checksum.
        _isFragment = (header.Fragment & 0x3fff) != 0;
        _pseudoHeader = InternetChecksum.Sum(bytes.Slice(12, 8)) + header.Protocol;
        if ((header.Fragment & 0x1fff) == 0) protocol = header.Protocol;
        return header;
    }

    public IPv6Header? ReadIPv6(out byte? protocol)
    {
        protocol = null;
        if (!TryTake(40, "IPv6 header", out ReadOnlySpan<byte> bytes)) return null;
        uint first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var header = new IPv6Header
        {
            Source = new IPAddress(bytes.Slice(8, 16)),
            Destination = new IPAddress(bytes.Slice(24, 16)),
            HopLimit = bytes[7],
            NextHeader = bytes[6],
            TrafficClass = (byte)(first >> 20),
            FlowLabel = (int)(first & 0xfffff),
            PayloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
        };
        CutTo(header.PayloadLength, "IPv6 header");
        _isV6 = true;
        _pseudoHeader = InternetChecksum.Sum(bytes.Slice(8, 32)) + header.NextHeader;
        protocol = header.NextHeader;
        return header;
    }

    public TcpHeader? ReadTcp()
    {
        ReadOnlyMemory<byte> all = Rest;
        int size = all.Length > 12 ? (all.Span[12] >> 4) * 4 : 20;
        if (size < 20) _problems.Add($"The TCP header says that it has {size} bytes.");
        if (!TryTake(Math.Max(size, 20), "TCP header", out ReadOnlySpan<byte> bytes)) return null;
        return new TcpHeader
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes),
            Port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            Flags = (TcpFlags)bytes[13],
            Window = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]),
            Options = all[20..Math.Max(size, 20)],
            IsChecksumValid = Verify(all.Span, _pseudoHeader, "TCP"),
        };
    }

    public UdpHeader? ReadUdp()
    {
        ReadOnlyMemory<byte> all = Rest;
        if (!TryTake(8, "UDP header", out ReadOnlySpan<byte> bytes)) return null;
        ushort length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (!_isFragment) CutTo(length - 8, "UDP header");
        bool isLeftOut = !_isV6 && BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) == 0;
        bool isValid = isLeftOut || Verify(all.Span[..(8 + Rest.Length)], _pseudoHeader, "UDP");
        return new UdpHeader(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), length, isValid);
    }

    public IcmpMessage? ReadIcmp()
    {
        ReadOnlySpan<byte> all = Rest.Span;
        if (!TryTake(8, "ICMP message", out ReadOnlySpan<byte> bytes)) return null;
        // That of ICMP for IPv4 has no pseudo header.
        return new IcmpMessage(bytes[0], bytes[1], BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), Verify(all, _isV6 ? _pseudoHeader : null, "ICMP"));
    }

    private bool Verify(ReadOnlySpan<byte> bytes, uint? pseudoHeader, string what)
    {
        // The checksum is about all fragments together.
        bool isValid = _isFragment || InternetChecksum.Of(bytes, pseudoHeader is { } sum ? sum + (uint)bytes.Length : 0) == 0;
        if (!isValid) _problems.Add($"The checksum of {what} is wrong.");
        return isValid;
    }

    // Ethernet pads short frames.
    private void CutTo(int length, string what)
    {
        if (length < 0 || length > Rest.Length) _problems.Add($"The {what} says that {length} bytes follow, and {Rest.Length} do.");
        else Rest = Rest[..length];
    }

    private bool TryTake(int length, string what, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (Rest.Length < length)
        {
            _problems.Add($"The {what} is cut off: {length} bytes are expected, and {Rest.Length} are left.");
            return false;
        }

        bytes = Rest.Span[..length];
        Rest = Rest[length..];
        return true;
    }
}
