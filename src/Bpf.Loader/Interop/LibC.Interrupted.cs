namespace Bpf.Loader.Interop;

/// <content>
/// A signal that comes while a call waits ends it with EINTR when its handler is not one that restarts calls, and signals come all the
/// time: the runtime's own, those of profilers, and those of native libraries in the process. It says nothing about the call, which is
/// made again, here and nowhere else; so are those that no kernel interrupts, lest somebody has to know which. What is not here: <c>close</c>, after which the descriptor is closed in any case; waits with a time
/// limit, which go on with what is left of it (<see cref="Epoll"/>, <see cref="XdpSocketCalls"/>); and the commands of bpf(2) that were
/// partly carried out by then (<see cref="BpfSyscall"/>).
/// </content>
internal static unsafe partial class LibC
{
    private static bool IsInterrupted(nint result) => result == -1 && LastError == Errno.EINTR;

    public static nint SystemCall(nint number, nint a, nint b, nint c)
    {
        nint result;
        do result = SystemCallOnce(number, a, b, c);
        while (IsInterrupted(result));
        return result;
    }

    public static nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e)
    {
        nint result;
        do result = SystemCallOnce(number, a, b, c, d, e);
        while (IsInterrupted(result));
        return result;
    }

    public static int Fcntl(int fd, int command, nint argument)
    {
        int result;
        do result = FcntlOnce(fd, command, argument);
        while (IsInterrupted(result));
        return result;
    }

    public static int Open(string path, int flags, uint mode)
    {
        int result;
        do result = OpenOnce(path, flags, mode);
        while (IsInterrupted(result));
        return result;
    }

    public static int OpenAt(int directory, string path, int flags, uint mode)
    {
        int result;
        do result = OpenAtOnce(directory, path, flags, mode);
        while (IsInterrupted(result));
        return result;
    }

    public static nint Read(int fd, byte* buffer, nuint count)
    {
        nint result;
        do result = ReadOnce(fd, buffer, count);
        while (IsInterrupted(result));
        return result;
    }

    public static nint Write(int fd, byte* buffer, nuint count)
    {
        nint result;
        do result = WriteOnce(fd, buffer, count);
        while (IsInterrupted(result));
        return result;
    }

    public static int Unlink(string path)
    {
        int result;
        do result = UnlinkOnce(path);
        while (IsInterrupted(result));
        return result;
    }

    public static int Rename(string from, string to)
    {
        int result;
        do result = RenameOnce(from, to);
        while (IsInterrupted(result));
        return result;
    }

    public static int MakeDirectory(string path, uint mode)
    {
        int result;
        do result = MakeDirectoryOnce(path, mode);
        while (IsInterrupted(result));
        return result;
    }

    public static int MakeDirectoryAt(int directory, string path, uint mode)
    {
        int result;
        do result = MakeDirectoryAtOnce(directory, path, mode);
        while (IsInterrupted(result));
        return result;
    }

    public static int UnlinkAt(int directory, string path, int flags)
    {
        int result;
        do result = UnlinkAtOnce(directory, path, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static int Mount(string source, string target, string type, nuint flags, string options)
    {
        int result;
        do result = MountOnce(source, target, type, flags, options);
        while (IsInterrupted(result));
        return result;
    }

    public static int FileLock(int fd, int operation)
    {
        int result;
        do result = FileLockOnce(fd, operation);
        while (IsInterrupted(result));
        return result;
    }

    public static int FileStatFs(int fd, byte* buffer)
    {
        int result;
        do result = FileStatFsOnce(fd, buffer);
        while (IsInterrupted(result));
        return result;
    }

    public static int StatFs(string path, byte* buffer)
    {
        int result;
        do result = StatFsOnce(path, buffer);
        while (IsInterrupted(result));
        return result;
    }

    public static int IoControl(int fd, nuint request, nint argument)
    {
        int result;
        do result = IoControlOnce(fd, request, argument);
        while (IsInterrupted(result));
        return result;
    }

    public static nint Send(int socket, byte* buffer, nuint length, int flags)
    {
        nint result;
        do result = SendOnce(socket, buffer, length, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static nint Receive(int socket, byte* buffer, nuint length, int flags)
    {
        nint result;
        do result = ReceiveOnce(socket, buffer, length, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static nint SendTo(int socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength)
    {
        nint result;
        do result = SendToOnce(socket, buffer, length, flags, address, addressLength);
        while (IsInterrupted(result));
        return result;
    }

    public static long Seek(int fd, long offset, int from)
    {
        long result;
        do result = SeekOnce(fd, offset, from);
        while (IsInterrupted((nint)result));
        return result;
    }

    public static nint MemoryMap(nint address, nuint length, int protection, int flags, int fd, long offset)
    {
        nint result;
        do result = MemoryMapOnce(address, length, protection, flags, fd, offset);
        while (IsInterrupted(result));
        return result;
    }

    public static nint MemoryRemap(nint address, nuint length, nuint newLength, int flags, nint newAddress)
    {
        nint result;
        do result = MemoryRemapOnce(address, length, newLength, flags, newAddress);
        while (IsInterrupted(result));
        return result;
    }

    public static int MemoryUnmap(nint address, nuint length)
    {
        int result;
        do result = MemoryUnmapOnce(address, length);
        while (IsInterrupted(result));
        return result;
    }

    public static nint ProcessReadMemory(int process, IoVector* own, nuint ownCount, IoVector* other, nuint otherCount, nuint flags)
    {
        nint result;
        do result = ProcessReadMemoryOnce(process, own, ownCount, other, otherCount, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static nint ProcessWriteMemory(int process, IoVector* own, nuint ownCount, IoVector* other, nuint otherCount, nuint flags)
    {
        nint result;
        do result = ProcessWriteMemoryOnce(process, own, ownCount, other, otherCount, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static int EpollCreate(int flags)
    {
        int result;
        do result = EpollCreateOnce(flags);
        while (IsInterrupted(result));
        return result;
    }

    public static int EpollControl(int epoll, int operation, int fd, byte* epollEvent)
    {
        int result;
        do result = EpollControlOnce(epoll, operation, fd, epollEvent);
        while (IsInterrupted(result));
        return result;
    }

    public static int EventFd(uint initialValue, int flags)
    {
        int result;
        do result = EventFdOnce(initialValue, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static int MemFdCreate(string name, uint flags)
    {
        int result;
        do result = MemFdCreateOnce(name, flags);
        while (IsInterrupted(result));
        return result;
    }

    public static int GetResourceLimit(int resource, ResourceLimit* limit)
    {
        int result;
        do result = GetResourceLimitOnce(resource, limit);
        while (IsInterrupted(result));
        return result;
    }

    public static int SetResourceLimit(int resource, ResourceLimit* limit)
    {
        int result;
        do result = SetResourceLimitOnce(resource, limit);
        while (IsInterrupted(result));
        return result;
    }

    public static int SetSocketOption(int socket, int level, int option, byte* value, uint length)
    {
        int result;
        do result = SetSocketOptionOnce(socket, level, option, value, length);
        while (IsInterrupted(result));
        return result;
    }

    public static int Socket(int domain, int type, int protocol)
    {
        int result;
        do result = SocketOnce(domain, type, protocol);
        while (IsInterrupted(result));
        return result;
    }

    public static int Bind(int socket, byte* address, uint length)
    {
        int result;
        do result = BindOnce(socket, address, length);
        while (IsInterrupted(result));
        return result;
    }

    public static int GetSocketOption(int socket, int level, int option, byte* value, uint* length)
    {
        int result;
        do result = GetSocketOptionOnce(socket, level, option, value, length);
        while (IsInterrupted(result));
        return result;
    }
}
