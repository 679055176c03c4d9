using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <summary>Options of a socket that concern its filter; the runtime's own way loses the kernel's answer.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class SocketOption
{
    private const int SocketLevel = 1; // SOL_SOCKET

    /// <summary>Sets an option that takes a descriptor.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static Errno Set(SafeHandle socket, int option, FileDescriptorHandle? value)
    {
        using var use = new HandleUse(value);
        int number = use.Descriptor;
        return SetBytes(socket, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));
    }

    /// <summary>Sets an option that takes a filter of classic BPF.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static Errno SetFilter(SafeHandle socket, int option, ReadOnlySpan<byte> filter)
    {
        fixed (byte* instructions = filter)
        {
            var program = new FilterProgram { Length = (ushort)(filter.Length / FilterProgram.InstructionSize), Instructions = (ulong)instructions };
            return SetBytes(socket, option, MemoryMarshal.AsBytes(new ReadOnlySpan<FilterProgram>(in program)));
        }
    }

    /// <summary>Sets an option.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static Errno SetBytes(SafeHandle socket, int option, ReadOnlySpan<byte> value)
    {
        bool added = false;
        try
        {
            socket.DangerousAddRef(ref added);
            int fd = (int)socket.DangerousGetHandle();
            fixed (byte* pointer = value)
                return LibC.SetSocketOption(fd, SocketLevel, option, pointer, (uint)value.Length) < 0 ? LibC.LastError : Errno.None;
        }
        finally
        {
            if (added) socket.DangerousRelease();
        }
    }

    /// <summary>Gets an option.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="option">The option.</param>
    /// <param name="value">Where it goes.</param>
    /// <param name="length">The length as the option counts it: how much there is room for, and how much there is.</param>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static Errno Get(SafeHandle socket, int option, Span<byte> value, ref uint length)
    {
        bool added = false;
        try
        {
            socket.DangerousAddRef(ref added);
            int fd = (int)socket.DangerousGetHandle();
            fixed (byte* pointer = value)
            fixed (uint* size = &length)
                return LibC.GetSocketOption(fd, SocketLevel, option, pointer, size) < 0 ? LibC.LastError : Errno.None;
        }
        finally
        {
            if (added) socket.DangerousRelease();
        }
    }
}
