using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Testing.Packets;

/// <summary>The checksum of IP, TCP, UDP and ICMP (RFC 1071).</summary>
internal static class InternetChecksum
{
    /// <summary>The checksum of some bytes, to be written in network order.</summary>
    /// <param name="bytes">The bytes, with zeros where the checksum will be.</param>
    /// <param name="initial">The sum of what else counts, such as a pseudo header.</param>
    public static ushort Of(ReadOnlySpan<byte> bytes, uint initial = 0)
    {
        ulong sum = initial + Sum(bytes);
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    /// <summary>The sum of some bytes as numbers of 16 bits in network order.</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }
}
