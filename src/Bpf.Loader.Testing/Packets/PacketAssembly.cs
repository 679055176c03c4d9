using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Testing.Packets;

/// <summary>Joins layers, and fills in lengths and checksums.</summary>
internal static class PacketAssembly
{
    public static byte[] Assemble(IReadOnlyList<(PacketLayer Kind, byte[] Bytes)> layers)
    {
        byte[] packet = new byte[layers.Sum(static layer => layer.Bytes.Length)];
        int[] starts = new int[layers.Count];
        int at = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            starts[i] = at;
            layers[i].Bytes.CopyTo(packet, at);
            at += layers[i].Bytes.Length;
        }

        // From the inside, so that checksums see what they are about.
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            int network = FindNetwork(layers, i);
            Complete(layers[i].Kind, packet.AsSpan(starts[i]), network < 0 ? default : packet.AsSpan(starts[network]), network < 0 ? default : layers[network].Kind, layers[i].Bytes.Length);
        }

        return packet;
    }

    private static int FindNetwork(IReadOnlyList<(PacketLayer Kind, byte[] Bytes)> layers, int from)
    {
        int at = from - 1;
        while (at >= 0 && layers[at].Kind is not (PacketLayer.IPv4 or PacketLayer.IPv6)) at--;
        return at;
    }

    private static void Complete(PacketLayer kind, Span<byte> bytes, ReadOnlySpan<byte> network, PacketLayer networkKind, int headerLength)
    {
        switch (kind)
        {
            case PacketLayer.IPv4:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)bytes.Length);
                BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], InternetChecksum.Of(bytes[..headerLength]));
                break;
            case PacketLayer.IPv6:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)(bytes.Length - headerLength));
                break;
            case PacketLayer.Tcp:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], InternetChecksum.Of(bytes, PseudoHeader(network, networkKind, bytes.Length, 6)));
                break;
            case PacketLayer.Udp:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)bytes.Length);
                ushort checksum = InternetChecksum.Of(bytes, PseudoHeader(network, networkKind, bytes.Length, 17));
                BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], checksum == 0 ? (ushort)0xffff : checksum);
                break;
            case PacketLayer.IcmpV4:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], InternetChecksum.Of(bytes));
                break;
            case PacketLayer.IcmpV6:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], InternetChecksum.Of(bytes, PseudoHeader(network, networkKind, bytes.Length, 58)));
                break;
        }
    }

    private static uint PseudoHeader(ReadOnlySpan<byte> network, PacketLayer kind, int length, uint protocol)
    {
        if (network.IsEmpty) return 0;
        ReadOnlySpan<byte> addresses = kind == PacketLayer.IPv4 ? network.Slice(12, 8) : network.Slice(8, 32);
        return InternetChecksum.Sum(addresses) + (uint)length + protocol;
    }
}
