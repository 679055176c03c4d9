using System;
using System.Buffers.Binary;
using Bpf.Loader.Interop;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Sends packets as they are, past the protocols.</summary>
internal static class PacketSocket
{
    private const ushort IPv4 = 0x0800; // ETH_P_IP

    /// <summary>Sends a packet out of a device of the calling thread's namespace.</summary>
    public static unsafe void Send(string device, byte[] packet)
    {
        using FileDescriptorHandle handle = FileDescriptorHandle.FromResult(socket(AF_PACKET, SOCK_RAW, 0), out Errno error)
            ?? throw new InvalidOperationException($"socket: {error}");
        using HandleUse use = handle.Use();
        var address = new sockaddr_ll { sll_family = (ushort)(int)AF_PACKET, sll_protocol = htons(IPv4), sll_ifindex = (int)Loader.Interop.LibC.InterfaceNameToIndex(device) };
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(12), IPv4);
        fixed (byte* bytes = packet)
        {
            if (sendto(use.Descriptor, bytes, packet.Length, 0, (sockaddr*)&address, sizeof(sockaddr_ll)) != packet.Length)
                throw new InvalidOperationException($"sendto: {(Errno)errno}");
        }
    }
}
