using System.Runtime.InteropServices;

namespace Bpf.Samples;

/// <summary>The paths of cgroups by their ids.</summary>
internal sealed partial class CgroupNames
{
    private readonly Dictionary<ulong, string> _names = [];

    private CgroupNames()
    {
    }

    /// <summary>Reads them from the file system of cgroups, version 2.</summary>
    public static CgroupNames Read()
    {
        var names = new CgroupNames();
        if (FindRoot() is not string root)
            return names;
        names._names[ReadInode(root)] = "/";
        foreach (string folder in Directory.EnumerateDirectories(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            names._names[ReadInode(folder)] = folder[root.Length..];
        return names;
    }

    /// <summary>The path of a cgroup, as /proc/PID/cgroup has it; its number when it is gone.</summary>
    public string Find(ulong id) => _names.TryGetValue(id, out string? name) ? name : $"cgroup {id}";

    // A line of mountinfo, cut: "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
    private static string? FindRoot() => File.ReadLines("/proc/self/mountinfo")
        .Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[4])
        .FirstOrDefault();

    /// <summary>The number of a folder's inode, which is the id of its cgroup. Zero when it is gone.</summary>
    private static ulong ReadInode(string path)
    {
        const int currentFolder = -100; // AT_FDCWD
        const uint inodeNumber = 0x100; // STATX_INO
        const int inodeOffset = 32; // of stx_ino in struct statx, which is the same on all architectures
        Span<byte> status = stackalloc byte[256];
        return GetStatus(currentFolder, path, 0, inodeNumber, ref MemoryMarshal.GetReference(status)) == 0
            ? MemoryMarshal.Read<ulong>(status[inodeOffset..])
            : 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint wanted, ref byte status);
}
