using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace Bpf.Loader.Testing;

/// <summary>Files of captured packets, as <c>tcpdump -w</c> writes them: pcap with Ethernet frames, of either byte order.</summary>
public static class PacketCapture
{
    // draft-ietf-opsawg-pcap: the magic numbers of microseconds and nanoseconds, and the link type of Ethernet.
    private const uint Microseconds = 0xa1b2_c3d4, Nanoseconds = 0xa1b2_3c4d, EthernetLink = 1;
    private const int HeaderSize = 24, RecordSize = 16;

    /// <summary>Reads the packets of a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="BpfFormatException">It is no such file.</exception>
    public static IReadOnlyList<CapturedPacket> Read(string path) => Read(File.ReadAllBytes(path));

    /// <summary>Reads the packets of a file's bytes.</summary>
    /// <exception cref="BpfFormatException">It is no such file.</exception>
    public static IReadOnlyList<CapturedPacket> Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeaderSize) throw Bad("has no header", 0);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bool isBigEndian = magic is not (Microseconds or Nanoseconds);
        if (isBigEndian) magic = BinaryPrimitives.ReverseEndianness(magic);
        if (magic is not (Microseconds or Nanoseconds)) throw Bad("is no pcap; newer captures are converted by 'tcpdump -r FILE -w FILE.pcap' or editcap", 0);
        uint link = UInt32(bytes[20..], isBigEndian) & 0x0fff_ffff;
        if (link != EthernetLink) throw Bad($"has frames of link type {link}, and not of Ethernet", 20);
        List<CapturedPacket> packets = [];
        for (int at = HeaderSize; at < bytes.Length;)
        {
            if (bytes.Length - at < RecordSize) throw Bad("ends in the header of a packet", at);
            ReadOnlySpan<byte> record = bytes[at..];
            uint length = UInt32(record[8..], isBigEndian);
            if (length > bytes.Length - at - RecordSize) throw Bad("ends in a packet", at);
            long fraction = UInt32(record[4..], isBigEndian) * (magic == Nanoseconds ? 1L : 1000L);
            DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(UInt32(record, isBigEndian)).AddTicks(fraction / 100);
            packets.Add(new CapturedPacket(time, file.Slice(at + RecordSize, (int)length), (int)UInt32(record[12..], isBigEndian)));
            at += RecordSize + (int)length;
        }

        return packets;
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static BpfFormatException Bad(string what, long offset) => new($"The capture {what}.", null, offset);
}
