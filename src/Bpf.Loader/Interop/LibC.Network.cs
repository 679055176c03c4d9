using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceNameToIndex(string name);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketOnce(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    private static partial nint SendOnce(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveOnce(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    private static partial int BindOnce(int socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetSocketOptionOnce(int socket, int level, int option, byte* value, uint* length);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendToOnce(int socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeout);
}
