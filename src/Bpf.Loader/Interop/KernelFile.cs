using System;
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

    /// <summary>Opens a directory, such as a cgroup or a bpffs.</summary>
    public static FileDescriptorHandle? OpenDirectory(string path, out Errno errno)
        => FileDescriptorHandle.FromResult(LibC.Open(path, ReadOnly | Directory | CloseOnExec, NoMode), out errno);

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

    /// <summary>Opens a directory below a directory.</summary>
    public static FileDescriptorHandle? OpenDirectoryAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, ReadOnly | Directory, out errno);

    /// <summary>Opens a file below a directory for appending.</summary>
    public static FileDescriptorHandle? OpenAppendAt(FileDescriptorHandle directory, string path, out Errno errno)
        => OpenAt(directory, path, WriteOnly | Append, out errno);

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

    /// <summary>Removes a file, such as a pin.</summary>
    public static Errno Unlink(string path) => LibC.Unlink(path) < 0 ? LibC.LastError : Errno.None;

    private static FileDescriptorHandle? OpenAt(FileDescriptorHandle directory, string path, int flags, out Errno errno)
    {
        using HandleUse use = directory.Use();
        return FileDescriptorHandle.FromResult(LibC.OpenAt(use.Descriptor, path, flags | CloseOnExec, NoMode), out errno);
    }
}
