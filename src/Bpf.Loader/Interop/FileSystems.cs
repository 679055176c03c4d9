using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>What kind of file system a path is on, and mounts that no path leads to.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class FileSystems
{
    /// <summary>BPF_FS_MAGIC.</summary>
    public const uint Bpf = 0xcafe4a11;

    /// <summary>TRACEFS_MAGIC.</summary>
    public const uint Trace = 0x74726163;

    /// <summary>CGROUP_SUPER_MAGIC, of version 1.</summary>
    public const uint Cgroup1 = 0x27e0eb;

    /// <summary>CGROUP2_SUPER_MAGIC.</summary>
    public const uint Cgroup2 = 0x63677270;

    private const nuint NoSetUserId = 2; // MS_NOSUID
    private const nuint NoDevices = 4; // MS_NODEV
    private const nuint NoPrograms = 8; // MS_NOEXEC
    private const nint FsOpenCloseOnExec = 1;
    private const nint FsMountCloseOnExec = 1;
    private const nint FsConfigCreate = 6;

    // struct statfs is 120 bytes on 64-bit Linux; leave room.
    private const int StatFsRoom = 256;

    /// <summary>The magic number of the file system that a path is on.</summary>
    public static Errno GetMagic(string path, out uint magic)
    {
        byte* buffer = stackalloc byte[StatFsRoom];
        return Magic(LibC.StatFs(path, buffer), buffer, out magic);
    }

    /// <summary>The magic number of the file system that an open file or folder is on.</summary>
    public static Errno GetMagic(FileDescriptorHandle file, out uint magic)
    {
        byte* buffer = stackalloc byte[StatFsRoom];
        using HandleUse use = file.Use();
        return Magic(LibC.FileStatFs(use.Descriptor, buffer), buffer, out magic);
    }

    private static Errno Magic(int result, byte* buffer, out uint magic)
    {
        if (result < 0)
        {
            magic = 0;
            return LibC.LastError;
        }

        // f_type is a 64-bit number, of which 32 bits are used; on s390x it is 32 bits wide.
        magic = RuntimeInformation.ProcessArchitecture == Architecture.S390x ? *(uint*)buffer : (uint)*(ulong*)buffer;
        return Errno.None;
    }

    /// <summary>Mounts a file system at a folder, for files that are no programs and no devices. Needs CAP_SYS_ADMIN.</summary>
    public static Errno Mount(string type, string folder, string options) =>
        LibC.Mount(type, folder, type, NoSetUserId | NoDevices | NoPrograms, options) < 0 ? LibC.LastError : Errno.None;

    /// <summary>
    /// Mounts a file system without a place in the tree (5.2): the descriptor is its root, and closing it unmounts. Needs
    /// CAP_SYS_ADMIN.
    /// </summary>
    public static FileDescriptorHandle? MountDetached(string type, out Errno errno)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(type);
        try
        {
            nint fd = LibC.SystemCall(SystemCallNumbers.FsOpen, text, FsOpenCloseOnExec, 0);
            using FileDescriptorHandle? context = FileDescriptorHandle.FromResult((int)fd, out errno);
            if (context is null)
                return null;
            using HandleUse use = context.Use();
            if (LibC.SystemCall(SystemCallNumbers.FsConfig, use.Descriptor, FsConfigCreate, 0, 0, 0) < 0)
            {
                errno = LibC.LastError;
                return null;
            }

            nint mount = LibC.SystemCall(SystemCallNumbers.FsMount, use.Descriptor, FsMountCloseOnExec, 0);
            return FileDescriptorHandle.FromResult((int)mount, out errno);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
