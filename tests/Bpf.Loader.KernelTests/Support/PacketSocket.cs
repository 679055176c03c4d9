using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Sends packets as they are, past the protocols.</summary>
internal static partial class PacketSocket
{
    private const int PacketFamily = 17, Raw = 3; // AF_PACKET, SOCK_RAW
    private const ushort IPv4 = 0x0800; // ETH_P_IP

    /// <summary>Sends a packet out of a device of the calling thread's namespace.</summary>
    public static void Send(string device, byte[] packet)
    {
        using FileDescriptorHandle socket = FileDescriptorHandle.FromResult(LibC.Socket(PacketFamily, Raw, 0), out Errno errno)
            ?? throw new InvalidOperationException($"socket: {errno}");
        using HandleUse use = socket.Use();

        // struct sockaddr_ll
        byte[] address = new byte[20];
        BinaryPrimitives.WriteUInt16LittleEndian(address, PacketFamily);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), IPv4);
        BinaryPrimitives.WriteUInt32LittleEndian(address.AsSpan(4), LibC.InterfaceNameToIndex(device));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(12), IPv4);
        if (SendTo(use.Descriptor, packet, packet.Length, 0, address, address.Length) != packet.Length)
            throw new InvalidOperationException($"sendto: {LibC.LastError}");
    }

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(int socket, byte[] buffer, nint length, int flags, byte[] address, int addressLength);
}
