using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>What kind of file a path leads to, in words.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class FileType
{
    // include/uapi/linux/stat.h: STATX_TYPE, struct statx and its member stx_mode, S_IFMT and its values.
    private const nint Type = 1;
    private const int Size = 256, ModeOffset = 28, TypeMask = 0xf000;
    private const nint CurrentDirectory = -100; // AT_FDCWD

    /// <summary>The kind of a file, links followed, with its article.</summary>
    public static string Describe(string path)
    {
        byte* buffer = stackalloc byte[Size];
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            if (LibC.SystemCall(SystemCallNumbers.Statx, CurrentDirectory, text, 0, Type, (nint)buffer) < 0) return "a file of an unknown kind";
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }

        return (*(ushort*)(buffer + ModeOffset) & TypeMask) switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0x4000 => "a folder",
            0x8000 => "a plain file",
            0xc000 => "a socket",
            _ => "a file of an unknown kind",
        };
    }
}
