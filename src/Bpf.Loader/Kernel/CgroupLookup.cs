using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Finds cgroups by what people call them, and says what is wrong with those that are none.</summary>
[SupportedOSPlatform("linux")]
internal static class CgroupLookup
{
    /// <summary>Opens a cgroup of version 2.</summary>
    /// <param name="path">Its directory, or its path as <c>/proc/PID/cgroup</c> has it.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="problem">Why it is none.</param>
    public static FileDescriptorHandle? Open(string path, out string directory, out CgroupProblem? problem)
    {
        directory = path;
        FileDescriptorHandle? found = OpenDirectory(path, out problem);
        if (found is not null) return found;

        if (CgroupMount.Find() is { } mount && mount.ToDirectory(path) is string below && below != path)
        {
            directory = below;
            found = OpenDirectory(below, out CgroupProblem? second);
            if (found is not null)
            {
                problem = null;
                return found;
            }

            // What is there but is no cgroup says more than what is not there.
            if (problem!.Errno == Errno.ENOENT && second!.Errno != Errno.ENOENT) problem = second;
        }

        return null;
    }

    /// <summary>The path of the cgroup of version 2 that a line of <c>/proc/PID/cgroup</c> names; null when it names one of version 1.</summary>
    public static string? PathIn(string line) => line.StartsWith("0::", StringComparison.Ordinal) ? line[3..] : null;

    /// <summary>What is wrong with what is behind a descriptor; null when it is a cgroup of version 2.</summary>
    public static CgroupProblem? Judge(int descriptor)
    {
        string link = $"/proc/self/fd/{descriptor}";
        string name = File.ResolveLinkTarget(link, returnFinalTarget: false)?.ToString() ?? "the descriptor";
        return Judge(link, name, FileStatus.Of(link, out _)?.Kind == FileKind.Directory);
    }

    private static FileDescriptorHandle? OpenDirectory(string path, out CgroupProblem? problem)
    {
        FileDescriptorHandle? directory = KernelFile.OpenDirectory(path, out Errno errno);
        if (directory is null)
        {
            problem = errno switch
            {
                Errno.ENOENT => new CgroupProblem(errno, "open", $"there is no '{path}'", Where()),
                Errno.ENOTDIR when FileStatus.Of(path, out _) is not null => Judge(path, $"'{path}'", isDirectory: false),
                _ => new CgroupProblem(errno, "open", $"'{path}' cannot be opened as a directory: {BpfException.Describe(errno)}", errno == Errno.ENOTDIR ? Where() : null),
            };
            return null;
        }

        problem = Judge(path, $"'{path}'", isDirectory: true);
        if (problem is null) return directory;
        directory.Dispose();
        return null;
    }

    private static CgroupProblem? Judge(string path, string name, bool isDirectory)
    {
        Errno errno = FileSystems.GetMagic(path, out uint magic);
        if (errno != Errno.None) return new CgroupProblem(errno, "statfs", $"{name} cannot be looked at: {BpfException.Describe(errno)}", null);
        return (magic, isDirectory) switch
        {
            (FileSystems.Cgroup2, true) => null,
            (FileSystems.Cgroup2, false) => new CgroupProblem(Errno.ENOTDIR, "open", $"{name} is a file in a cgroup, not a cgroup: that is the directory", null),
            (FileSystems.Cgroup1, _) => new CgroupProblem(Errno.EBADF, "statfs", $"{name} is a cgroup of version 1, and BPF knows those of version 2 only: it is not a cgroup of version 2", Where()),
            (_, false) => new CgroupProblem(Errno.ENOTDIR, "open", $"{name} is a file, not a cgroup of version 2", Where()),
            _ => new CgroupProblem(Errno.EBADF, "statfs", $"{name} is not a cgroup of version 2", Where()),
        };
    }

    /// <summary>Where cgroups are on this machine, and what to do where there are none.</summary>
    internal static string Where()
    {
        if (CgroupMount.Find() is { } mount)
        {
            string part = mount.Root == "/" ? "" : $", which shows {mount.Root} and what is below";
            return $"On this machine those are below {mount.Point}{part}.";
        }

        return MountTable.Read().Any(static mount => mount.Type == "cgroup")
            ? "On this machine only cgroups of version 1 are mounted. Mount those of version 2 beside them: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified."
            : "Mount them: mount -t cgroup2 cgroup2 /sys/fs/cgroup.";
    }
}
