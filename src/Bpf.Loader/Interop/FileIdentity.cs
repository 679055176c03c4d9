using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Which file a path leads to, whatever its names: the device and the number on it.</summary>
/// <param name="Device">The device.</param>
/// <param name="Number">The number of the inode; 0 when the path leads nowhere.</param>
[SupportedOSPlatform("linux")]
internal readonly unsafe record struct FileIdentity(ulong Device, ulong Number)
{
    // include/uapi/linux/stat.h: STATX_INO, struct statx and its members.
    private const nint Inode = 0x100;
    private const int Size = 256, NumberOffset = 32, MajorOffset = 136, MinorOffset = 140;
    private const nint CurrentDirectory = -100; // AT_FDCWD

    /// <summary>Whether the path leads to a file.</summary>
    public bool Exists => Number != 0;

    /// <summary>The file that a path leads to, links followed.</summary>
    public static FileIdentity Of(string path)
    {
        byte* buffer = stackalloc byte[Size];
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            // statx(2) came with Linux 4.11, and the C libraries that wrap it later.
            return LibC.SystemCall(SystemCallNumbers.Statx, CurrentDirectory, text, 0, Inode, (nint)buffer) < 0
                ? default
                : new FileIdentity(((ulong)*(uint*)(buffer + MajorOffset) << 32) | *(uint*)(buffer + MinorOffset), *(ulong*)(buffer + NumberOffset));
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
