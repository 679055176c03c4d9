using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Which file a path leads to, whatever its names: the device and the number on it.</summary>
/// <param name="Device">The device: its major number in the upper half, its minor in the lower.</param>
/// <param name="Number">The number of the inode; 0 when the path leads nowhere.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number)
{
    /// <summary>Whether the path leads to a file.</summary>
    public bool Exists => Number != 0;

    /// <summary>The file that a path leads to, links followed.</summary>
    [SupportedOSPlatform("linux")]
    public static FileIdentity Of(string path) => FileStatus.Of(path, out _)?.Identity ?? default;
}
