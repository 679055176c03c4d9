using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

/// <summary>The file system of type bpf, whose files keep maps, programs and links alive without a process (Linux 4.4).</summary>
[SupportedOSPlatform("linux")]
public static class BpfFileSystem
{
    /// <summary>Where it belongs, and where systemd mounts one.</summary>
    public const string DefaultPath = "/sys/fs/bpf";

    // What is pinned is not for everybody: with a map comes what it holds.
    private const string OwnerOnly = "mode=0700";

    /// <summary>Whether a folder is on a file system of type bpf.</summary>
    /// <param name="path">The folder. One that is not there is on none.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static bool IsMounted(string path = DefaultPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileSystems.GetMagic(path, out uint magic) == Errno.None && magic == FileSystems.Bpf;
    }

    /// <summary>
    /// Mounts one at a folder, unless the folder is on one already: for machines without systemd, and for containers. It is seen by
    /// the processes of this mount namespace, and by others where mounts are shared with them: in a container, pins are gone with the
    /// container unless the host's own is mounted into it. Agents that do so at the same time share one.
    /// </summary>
    /// <param name="path">The folder, which must be there: the kernel makes <see cref="DefaultPath"/> itself where sysfs is mounted.</param>
    /// <returns>False when there was one.</returns>
    /// <exception cref="BpfException">There is no such folder, or the kernel refuses: mounting needs CAP_SYS_ADMIN.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static bool Mount(string path = DefaultPath)
    {
        if (IsMounted(path))
            return false;
        using FileDescriptorHandle folder = KernelFile.OpenDirectory(path, out Errno errno) ?? throw Refused("open", errno, path);
        // A second one would hide the first, and what another agent has pinned there since.
        errno = KernelFile.Lock(folder);
        if (errno != Errno.None) throw Refused("flock", errno, path);
        if (IsMounted(path))
            return false;
        errno = FileSystems.Mount("bpf", path, OwnerOnly);
        return errno == Errno.None ? true : throw Refused("mount", errno, path);
    }

    private static BpfException Refused(string operation, Errno errno, string path) =>
        new(operation, errno, $"bpf file system '{path}'", Hint(errno), BpfDiagnosticId.PinRefused);

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.ENOENT => "Make the folder first. The kernel makes /sys/fs/bpf where sysfs is mounted and CONFIG_BPF_SYSCALL is set.",
        Errno.ENOTDIR => "It is a file: give a folder.",
        Errno.ENODEV => "This kernel has no such file system (Linux 4.4, CONFIG_BPF_SYSCALL).",
        Errno.EPERM or Errno.EACCES => "Mounting needs CAP_SYS_ADMIN in this mount namespace. In a container, mount the host's instead: '-v /sys/fs/bpf:/sys/fs/bpf'.",
        _ => null,
    };
}
