using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>
/// Files by descriptor: what <c>System.IO</c> cannot open, such as those of a file system that is mounted nowhere.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class KernelFile
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NoTerminal = 0x100;
    private const int Place = 0x200000; // O_PATH
    private const uint NoMode = 0;
    private const uint OwnerOnly = 0x1C0; // 0700

    // O_DIRECTORY is another bit on arm and powerpc than elsewhere.
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le => 0x4000,
        _ => 0x10000,
    };

    /// <summary>Opens a file for reading.</summary>
    public static FileDescriptorHandle? OpenRead(string path, out Errno errno)
        => FileDescriptorHandle.FromResult(LibC.Open(path, ReadOnly | CloseOnExec, NoMode), out errno);

    /// <summary>Opens the place that a path leads to (O_PATH): it can be asked what it is, and nothing happens to it.</summary>
    public static FileDescriptorHandle? OpenPlace(string path, out Errno errno)
        => FileDescriptorHandle.FromResult(LibC.Open(path, Place | CloseOnExec, NoMode), out errno);

    /// <summary>Opens what is at a place for reading, without waiting for anybody.</summary>
    /// <returns>The descriptor, which the caller owns, or -1.</returns>
    public static int OpenInput(FileDescriptorHandle place, string path, out Errno errno)
    {
        const int Flags = ReadOnly | NonBlocking | NoTerminal | CloseOnExec;
        using HandleUse use = place.Use();
        int fd = LibC.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}"), Flags, NoMode);
        // Where /proc is not mounted, the path has to do.
        if (fd < 0 && LibC.LastError == Errno.ENOENT)
            fd = LibC.Open(path, Flags, NoMode);
        errno = fd < 0 ? LibC.LastError : Errno.None;
        return fd;
    }

    /// <summary>Reads what there is; EAGAIN when there is nothing yet, 0 when nothing will come.</summary>
    public static int ReadAvailable(SafeHandle file, Span<byte> buffer, out Errno errno)
    {
        fixed (byte* pointer = buffer)
        {
            nint count;
            do
            {
                count = LibC.Read((int)file.DangerousGetHandle(), pointer, (nuint)buffer.Length);
                errno = count < 0 ? LibC.LastError : Errno.None;
            }
            while (errno == Errno.EINTR);
            return (int)count;
        }
    }

    /// <summary>Waits until something can be read, or until the writers are gone.</summary>
    /// <returns>False when the time is over.</returns>
    public static bool WaitReadable(SafeHandle file, int milliseconds)
    {
        var entry = new PollEntry { Descriptor = (int)file.DangerousGetHandle(), Wanted = PollEntry.Readable };
        return LibC.Poll(&entry, 1, milliseconds) != 0;
    }

    /// <summary>Opens a directory, such as a cgroup or a bpffs.</summary>
    public static FileDescriptorHandle? OpenDirectory(string path, out Errno errno)
        => FileDescriptorHandle.FromResult(LibC.Open(path, ReadOnly | Directory | CloseOnExec, NoMode), out errno);

    /// <summary>Waits until no other process holds the lock of an open file or directory, and takes it until that is closed.</summary>
    public static Errno Lock(FileDescriptorHandle file)
    {
        const int Exclusive = 2; // LOCK_EX
        using HandleUse use = file.Use();
        return LibC.FileLock(use.Descriptor, Exclusive) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Opens a file below a directory for reading.</summary>
    public static FileDescriptorHandle? OpenReadAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, ReadOnly, out errno);

    /// <summary>Opens a file below a directory for reading what there is, without waiting for more.</summary>
    public static FileDescriptorHandle? OpenNonBlockingAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, ReadOnly | NonBlocking, out errno);

    /// <summary>Opens a file below a directory for writing.</summary>
    public static FileDescriptorHandle? OpenWriteAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, WriteOnly, out errno);

    /// <summary>Makes a directory below a directory; EEXIST when it is there.</summary>
    public static Errno MakeDirectoryAt(FileDescriptorHandle directory, string path)
    {
        using HandleUse use = directory.Use();
        return LibC.MakeDirectoryAt(use.Descriptor, path, OwnerOnly) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Removes a directory below a directory.</summary>
    public static Errno RemoveDirectoryAt(FileDescriptorHandle directory, string path)
    {
        const int RemoveDirectory = 0x200;
        using HandleUse use = directory.Use();
        return LibC.UnlinkAt(use.Descriptor, path, RemoveDirectory) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Removes a file below a directory.</summary>
    public static Errno UnlinkAt(FileDescriptorHandle directory, string path)
    {
        using HandleUse use = directory.Use();
        return LibC.UnlinkAt(use.Descriptor, path, 0) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Opens a directory below a directory.</summary>
    public static FileDescriptorHandle? OpenDirectoryAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, ReadOnly | Directory, out errno);

    /// <summary>Opens a file below a directory for appending.</summary>
    public static FileDescriptorHandle? OpenAppendAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, WriteOnly | Append, out errno);

    /// <summary>How long a file says that it is, as its end tells; its position is at the beginning again.</summary>
    public static Errno GetLength(FileDescriptorHandle file, out long length)
    {
        const int FromBeginning = 0, FromEnd = 2; // SEEK_SET, SEEK_END
        using HandleUse use = file.Use();
        length = LibC.Seek(use.Descriptor, 0, FromEnd);
        return length < 0 || LibC.Seek(use.Descriptor, 0, FromBeginning) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Reads what fits; 0 is the end, negative a failure. A signal does not end it.</summary>
    public static int Read(FileDescriptorHandle file, Span<byte> buffer, out Errno errno)
    {
        using HandleUse use = file.Use();
        fixed (byte* pointer = buffer)
        {
            nint count;
            do
            {
                count = LibC.Read(use.Descriptor, pointer, (nuint)buffer.Length);
                errno = count < 0 ? LibC.LastError : Errno.None;
            }
            while (errno == Errno.EINTR);
            return (int)count;
        }
    }

    /// <summary>Writes in one call: what tracefs takes for one command.</summary>
    public static Errno Write(FileDescriptorHandle file, ReadOnlySpan<byte> bytes)
    {
        using HandleUse use = file.Use();
        fixed (byte* pointer = bytes)
        {
            while (true)
            {
                nint count = LibC.Write(use.Descriptor, pointer, (nuint)bytes.Length);
                if (count == bytes.Length)
                    return Errno.None;
                if (count >= 0)
                    return Errno.EIO;
                Errno errno = LibC.LastError;
                if (errno != Errno.EINTR)
                    return errno;
            }
        }
    }

    /// <summary>Makes a directory of the process's owner only; EEXIST when it is there.</summary>
    public static Errno MakeDirectory(string path)
    {
        return LibC.MakeDirectory(path, OwnerOnly) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Removes a directory that is empty.</summary>
    public static Errno RemoveDirectory(string path)
    {
        const int CurrentDirectory = -100, RemoveDirectoryFlag = 0x200; // AT_FDCWD, AT_REMOVEDIR
        return LibC.UnlinkAt(CurrentDirectory, path, RemoveDirectoryFlag) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Removes a file, such as a pin.</summary>
    public static Errno Unlink(string path) => LibC.Unlink(path) < 0 ? LibC.LastError : Errno.None;

    /// <summary>Gives a file another name, in the place of the file that has it: nobody sees a moment without one.</summary>
    public static Errno Rename(string from, string to) => LibC.Rename(from, to) < 0 ? LibC.LastError : Errno.None;

    private static FileDescriptorHandle? OpenAt(FileDescriptorHandle directory, string path, int flags, out Errno errno)
    {
        using HandleUse use = directory.Use();
        return FileDescriptorHandle.FromResult(LibC.OpenAt(use.Descriptor, path, flags | CloseOnExec, NoMode), out errno);
    }
}
