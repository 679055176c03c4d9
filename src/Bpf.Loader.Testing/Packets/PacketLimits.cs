using System;

namespace Bpf.Loader.Testing.Packets;

/// <summary>What the kernel takes as a packet.</summary>
internal static class PacketLimits
{
    /// <summary>The size of an Ethernet header (<c>ETH_HLEN</c>).</summary>
    public const int EthernetHeader = 14;

    /// <summary>Refuses what has no Ethernet header, as the kernel's test run does (net/bpf/test_run.c), whose programs never see one.</summary>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public static void Check(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < EthernetHeader) throw new ArgumentException($"A packet begins with an Ethernet header of {EthernetHeader} bytes, and this one has {packet.Length}.", nameof(packet));
    }
}
