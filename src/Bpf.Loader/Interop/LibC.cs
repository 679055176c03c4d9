using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary>
/// The C library. Every import whose errno counts keeps it; none suppresses the GC transition, because a call that blocks would
/// stall the collector.
/// </summary>
internal static unsafe partial class LibC
{
    // Both glibc and musl are found by this name: the runtime maps it to the versioned file.
    private const string Library = "libc";

    public const int F_DUPFD_CLOEXEC = 1030;

    /// <summary>errno of the last import that failed on this thread.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    // syscall(2) is variadic; on the 64-bit architectures that .NET runs on, integer arguments are passed as to a fixed prototype.
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCallOnce(nint number, nint a, nint b, nint c);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCallOnce(nint number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>As the others, for calls that come by the million: errno is taken only of a call that failed, and is not kept.</summary>
    public static nint SystemCall(nint number, nint a, nint b, nint c, out Errno errno)
    {
        nint result = SystemCallOnly(number, a, b, c);
        // Nothing may come between the two; it is what the code that SetLastError makes does for every call.
        errno = result < 0 ? (Errno)Marshal.GetLastSystemError() : Errno.None;
        return result;
    }

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FcntlOnce(int fd, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenOnce(string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAtOnce(int directory, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    private static partial long SeekOnce(int fd, long offset, int from);

    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLinkAt(int directory, string path, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadOnce(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteOnce(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkOnce(string path);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameOnce(string from, string to);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectoryOnce(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectoryAtOnce(int directory, string path, uint mode);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAtOnce(int directory, string path, int flags);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountOnce(string source, string target, string type, nuint flags, string options);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    private static partial int FileLockOnce(int fd, int operation);

    [LibraryImport(Library, EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FileStatFsOnce(int fd, byte* buffer);

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatFsOnce(string path, byte* buffer);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControlOnce(int fd, nuint request, nint argument);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MemoryMapOnce(nint address, nuint length, int protection, int flags, int fd, long offset);

    // Variadic in its last argument; see SystemCall.
    [LibraryImport(Library, EntryPoint = "mremap", SetLastError = true)]
    private static partial nint MemoryRemapOnce(nint address, nuint length, nuint newLength, int flags, nint newAddress);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    private static partial int MemoryUnmapOnce(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ProcessReadMemoryOnce(int process, IoVector* own, nuint ownCount, IoVector* other, nuint otherCount, nuint flags);

    [LibraryImport(Library, EntryPoint = "process_vm_writev", SetLastError = true)]
    private static partial nint ProcessWriteMemoryOnce(int process, IoVector* own, nuint ownCount, IoVector* other, nuint otherCount, nuint flags);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreateOnce(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControlOnce(int epoll, int operation, int fd, byte* epollEvent);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFdOnce(uint initialValue, int flags);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemFdCreateOnce(string name, uint flags);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetResourceLimitOnce(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetResourceLimitOnce(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetSocketOptionOnce(int socket, int level, int option, byte* value, uint length);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static partial int ThreadSignalMask(int how, ulong* set, ulong* before);

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint SystemCallOnly(nint number, nint a, nint b, nint c);

    // The vDSO answers, without a system call, on all machines whose clock source it can read.
    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int GetClock(int clock, long* time);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();
}
