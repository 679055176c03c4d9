using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Options of a socket that take a descriptor; the runtime's own way loses the kernel's answer.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class SocketOption
{
    private const int SocketLevel = 1; // SOL_SOCKET

    /// <summary>Sets an option.</summary>
    /// <exception cref="System.ObjectDisposedException">The socket is closed.</exception>
    public static Errno Set(SafeHandle socket, int option, FileDescriptorHandle? value)
    {
        using var use = new HandleUse(value);
        int number = use.Descriptor;
        bool added = false;
        try
        {
            socket.DangerousAddRef(ref added);
            int fd = (int)socket.DangerousGetHandle();
            return LibC.SetSocketOption(fd, SocketLevel, option, (byte*)&number, sizeof(int)) < 0 ? LibC.LastError : Errno.None;
        }
        finally
        {
            if (added) socket.DangerousRelease();
        }
    }
}
