using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Where file systems of type bpf are mounted, and what is pinned in them.</summary>
[SupportedOSPlatform("linux")]
internal static class BpfMounts
{
    /// <summary>The mount points, as this process sees them; none when /proc is not mounted.</summary>
    public static IReadOnlyList<string> Find() => [.. MountTable.Read().Where(static mount => mount.Type == "bpf").Select(static mount => mount.Point)];

    /// <summary>The options of the file system of a mount; null when there is none of that number.</summary>
    public static string? FindOptions(ulong mount)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"{mount} ");
        string? line = Array.Find(MountTable.ReadLines(), line => line.StartsWith(start, StringComparison.Ordinal));
        return line?[(line.LastIndexOf(' ') + 1)..];
    }

    /// <summary>Opens what is pinned under a path, with as much access as the file's permissions give; null when it is no such thing.</summary>
    public static FileDescriptorHandle? TryOpen(string path)
    {
        FileDescriptorHandle? handle = BpfSyscall.ObjectGet(path, BpfMapFlags.None, out Errno errno);
        return handle is null && errno is Errno.EPERM or Errno.EACCES ? BpfSyscall.ObjectGet(path, BpfMapFlags.ReadOnly, out _) : handle;
    }

    /// <summary>The files below a directory, those of directories that may not be read left out.</summary>
    public static IEnumerable<string> Files(string directory) => Directory.EnumerateFiles(
        directory, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint });
}
