using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>What statx(2) says of a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Its bytes; 0 for most files of /proc and /sys, which are made while they are read.</param>
/// <param name="Identity">Which file it is.</param>
/// <param name="IsExecutable">Whether anybody may execute it.</param>
[SupportedOSPlatform("linux")]
internal readonly unsafe record struct FileStatus(FileKind Kind, long Size, FileIdentity Identity, bool IsExecutable)
{
    // include/uapi/linux/stat.h: STATX_TYPE, STATX_MODE, STATX_INO and STATX_SIZE; struct statx and its members.
    private const nint Wanted = 0x1 | 0x2 | 0x100 | 0x200;
    private const int Room = 256, ModeOffset = 28, NumberOffset = 32, SizeOffset = 40, MajorOffset = 136, MinorOffset = 140;
    private const nint CurrentDirectory = -100; // AT_FDCWD
    private const nint EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself
    private const ushort KindBits = 0xf000, ExecuteBits = 0x49;

    /// <summary>Asks of what a path leads to, links followed.</summary>
    public static FileStatus? Of(string path, out Errno errno) => Ask(CurrentDirectory, path, 0, out errno);

    /// <summary>Asks of an open file.</summary>
    public static FileStatus? Of(FileDescriptorHandle file, out Errno errno)
    {
        using HandleUse use = file.Use();
        return Ask(use.Descriptor, "", EmptyPath, out errno);
    }

    private static FileStatus? Ask(nint directory, string path, nint flags, out Errno errno)
    {
        byte* buffer = stackalloc byte[Room];
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            // statx(2) came with Linux 4.11, and the C libraries that wrap it later.
            nint result = LibC.SystemCall(SystemCallNumbers.Statx, directory, text, flags, Wanted, (nint)buffer);
            errno = result < 0 ? LibC.LastError : Errno.None;
            if (result < 0)
                return null;
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }

        ushort mode = *(ushort*)(buffer + ModeOffset);
        ulong device = ((ulong)*(uint*)(buffer + MajorOffset) << 32) | *(uint*)(buffer + MinorOffset);
        return new FileStatus(
            (FileKind)(mode & KindBits), *(long*)(buffer + SizeOffset), new FileIdentity(device, *(ulong*)(buffer + NumberOffset)), (mode & ExecuteBits) != 0);
    }
}
