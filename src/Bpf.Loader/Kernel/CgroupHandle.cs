using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Numbers of cgroups as the kernel's handles of files, which hold them (<c>kernfs_encode_fh()</c>, fs/kernfs/mount.c).</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class CgroupHandle
{
    // struct file_handle: the number of bytes, the type, the bytes. FILEID_KERNFS is the type since Linux 5.5.
    private const int HeaderBytes = 8, IdBytes = 8, KernfsType = 0xfe;
    private const nint CurrentDirectory = -100; // AT_FDCWD
    private const nint EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const nint ReadDirectory = 0x80000; // O_CLOEXEC

    /// <summary>The number of an open cgroup.</summary>
    public static ulong? IdOf(FileDescriptorHandle cgroup, out Errno errno)
    {
        using HandleUse use = cgroup.Use();
        return Ask(use.Descriptor, "", EmptyPath, out errno) ?? FileStatus.Of(cgroup, out errno)?.Identity.Number;
    }

    /// <summary>The number of the cgroup of a directory.</summary>
    public static ulong? IdOf(string directory, out Errno errno) =>
        Ask(CurrentDirectory, directory, 0, out errno) ?? FileStatus.Of(directory, out errno)?.Identity.Number;

    /// <summary>Opens a cgroup by its number; needs CAP_DAC_READ_SEARCH in the initial user namespace.</summary>
    /// <param name="mount">A directory of the file system.</param>
    /// <param name="id">The number.</param>
    /// <param name="errno">ESTALE when there is none of that number.</param>
    public static FileDescriptorHandle? Open(FileDescriptorHandle mount, ulong id, out Errno errno)
    {
        byte* handle = stackalloc byte[HeaderBytes + IdBytes];
        *(uint*)handle = IdBytes;
        *(int*)(handle + 4) = KernfsType;
        *(ulong*)(handle + HeaderBytes) = id;
        using HandleUse use = mount.Use();
        return FileDescriptorHandle.FromResult((int)LibC.SystemCall(SystemCallNumbers.OpenByHandleAt, use.Descriptor, (nint)handle, ReadDirectory), out errno);
    }

    // The inode's number is the same since Linux 5.5; before, it is the lower half.
    private static ulong? Ask(nint directory, string path, nint flags, out Errno errno)
    {
        byte* handle = stackalloc byte[HeaderBytes + IdBytes];
        *(uint*)handle = IdBytes;
        int mount;
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            nint result = LibC.SystemCall(SystemCallNumbers.NameToHandleAt, directory, text, (nint)handle, (nint)(&mount), flags);
            errno = result < 0 ? LibC.LastError : Errno.None;
            return result < 0 || *(uint*)handle != IdBytes ? null : *(ulong*)(handle + HeaderBytes);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
