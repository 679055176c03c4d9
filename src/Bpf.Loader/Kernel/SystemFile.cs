using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>
/// The kernel's files in /proc and /sys, which may be hidden from a process, by a mount over them or a container without them, and
/// whose reading may fail: one refusal for all of them, with an id, in place of those of <see cref="File"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SystemFile
{
    private static readonly HashSet<string> KernelFileSystems = ["proc", "sysfs", "tracefs", "debugfs", "securityfs", "cgroup", "cgroup2", "bpf", "configfs"];

    /// <summary>Reads a file as text, without what is white at its ends.</summary>
    /// <exception cref="BpfException">It cannot be read.</exception>
    public static string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path)).Trim();

    /// <summary>Reads a file as text; null when that is not possible, and why.</summary>
    public static string? TryReadText(string path, out Errno errno) =>
        TryReadBytes(path, out errno) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;

    /// <summary>Reads a file.</summary>
    /// <exception cref="BpfException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path, BpfDiagnosticId id = BpfDiagnosticId.SystemFileUnreadable) =>
        TryReadBytes(path, out Errno errno) ?? throw Unreadable(path, errno, id);

    /// <summary>Reads a file; null when that is not possible, and why. Its size is not asked for: most of them tell none.</summary>
    public static byte[]? TryReadBytes(string path, out Errno errno)
    {
        using FileDescriptorHandle? file = KernelFile.OpenRead(path, out errno);
        if (file is null) return null;
        var content = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = KernelFile.Read(file, buffer, out errno);
            if (count < 0) return null;
            if (count == 0) return content.ToArray();
            content.Write(buffer, 0, count);
            // What is long is read in larger steps.
            if (count == buffer.Length && buffer.Length < 1 << 20) buffer = new byte[buffer.Length * 4];
        }
    }

    /// <summary>Opens a file to be read from front to back.</summary>
    /// <exception cref="BpfException">It cannot be opened; reading throws it too.</exception>
    public static Stream OpenRead(string path, BpfDiagnosticId id = BpfDiagnosticId.SystemFileUnreadable) =>
        new HandleStream(KernelFile.OpenRead(path, out Errno errno) ?? throw Unreadable(path, errno, id), path);

    /// <summary>The refusal of a file that cannot be read.</summary>
    public static BpfException Unreadable(string path, Errno errno, BpfDiagnosticId id = BpfDiagnosticId.SystemFileUnreadable)
    {
        string? hint = errno switch
        {
            Errno.ENOENT or Errno.ENOTDIR => WhyMissing(path),
            Errno.EACCES or Errno.EPERM => WhyDenied(path),
            _ => null,
        };
        return new BpfException("read", errno, path, hint, id);
    }

    /// <summary>Why a file that is not there is not: what hides it, or that the kernel has none.</summary>
    public static string WhyMissing(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal) && !Directory.Exists("/proc/self") ? "No proc file system is mounted at /proc: mount -t proc proc /proc."
        : path.StartsWith("/sys/", StringComparison.Ordinal) && !Directory.Exists("/sys/kernel") ? "No sysfs is mounted at /sys: mount -t sysfs sysfs /sys."
        : Cover(path) ?? "Nothing is mounted over it: this kernel has no such file.";

    private static string WhyDenied(string path)
    {
        if (Cover(path) is { } cover) return cover;
        if (Mode(path) is not { } mode) return Restrictions.Read().Describe("Its mode cannot be read either.");
        string octal = $"0{Convert.ToString((int)mode, 8)}";
        if ((mode & UnixFileMode.OtherRead) != 0) return Restrictions.Read().Describe($"Its mode, {octal}, lets everybody read it.");
        string owner = $"Its mode, {octal}, lets not everybody read it";
        return ProcessRights.Explain([Capability.DacReadSearch]) is { } lack ? $"{owner}. {lack}" : Restrictions.Read().Describe($"{owner}; the process may all the same.");
    }

    // Containers hide files of the kernel by mounts of other file systems over them.
    private static string? Cover(string path) =>
        MountTable.Of(path) is { } mount && mount.Point is not ("/" or "/proc" or "/sys") && !KernelFileSystems.Contains(mount.Type)
            ? $"A file system of type '{mount.Type}' is mounted over it, at '{mount.Point}'."
            : null;

    private static UnixFileMode? Mode(string path)
    {
        try
        {
            return File.GetUnixFileMode(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
