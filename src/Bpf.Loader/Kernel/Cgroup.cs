using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>A cgroup of version 2: what programs are attached to, and what <c>bpf_get_current_cgroup_id</c> gives the number of.</summary>
/// <remarks>
/// They are found where they are mounted: at <c>/sys/fs/cgroup</c>, on machines with both versions at <c>/sys/fs/cgroup/unified</c>, or
/// elsewhere. Paths are those of <c>/proc/PID/cgroup</c> as this process sees it, in its cgroup namespace. An open cgroup is a
/// descriptor; it keeps the number from being used again, not the cgroup from being removed.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class Cgroup : IDisposable
{
    private const string Removed = " (deleted)";

    private Cgroup(FileDescriptorHandle descriptor, string directory, string path, ulong id)
    {
        Descriptor = descriptor;
        Directory = directory;
        Path = path;
        Id = id;
        descriptor.Label = $"cgroup {path}";
    }

    /// <summary>The number, as <c>bpf_get_current_cgroup_id</c> (Linux 4.18) and <c>bpf_skb_cgroup_id</c> give it.</summary>
    public ulong Id { get; }

    /// <summary>The path, such as <c>/system.slice/nginx.service</c>; <c>/</c> is the root.</summary>
    public string Path { get; }

    /// <summary>The directory, such as <c>/sys/fs/cgroup/system.slice/nginx.service</c>.</summary>
    public string Directory { get; }

    /// <summary>The descriptor, for arrays of cgroups, and as the key of storage of cgroups.</summary>
    public SafeHandle Handle => Descriptor;

    internal FileDescriptorHandle Descriptor { get; }

    /// <summary>Opens a cgroup.</summary>
    /// <param name="path">Its directory, or its path as <c>/proc/PID/cgroup</c> has it. What is both is taken for the directory.</param>
    /// <exception cref="BpfException">It is none, is of version 1, or cgroups of version 2 are mounted nowhere; the message says what is the case.</exception>
    public static Cgroup Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileDescriptorHandle? descriptor = CgroupLookup.Open(path, out string directory, out CgroupProblem? problem);
        if (descriptor is null) throw Refuse(path, problem!);
        if (CgroupHandle.IdOf(descriptor, out Errno errno) is ulong id)
        {
            directory = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(directory));
            return new Cgroup(descriptor, directory, PathOf(directory), id);
        }

        descriptor.Dispose();
        throw new BpfException("statx", errno, $"cgroup {path}", null);
    }

    /// <summary>Opens the cgroup that a process is in.</summary>
    /// <param name="processId">The process.</param>
    /// <exception cref="BpfException">There is no such process, or its cgroup is not to be seen from here.</exception>
    public static Cgroup OpenOfProcess(int processId)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cgroup");
        foreach (string line in SystemFile.ReadText(file).Split('\n'))
        {
            if (CgroupLookup.PathIn(line) is string path) return Open(path);
        }

        throw new BpfException("open", Errno.ENOENT, $"cgroup of process {processId}", CgroupLookup.Where(), BpfDiagnosticId.NotACgroup);
    }

    /// <summary>The number of a cgroup.</summary>
    /// <param name="path">Its directory, or its path as <c>/proc/PID/cgroup</c> has it.</param>
    /// <exception cref="BpfException">It is none; the message says what is the case.</exception>
    public static ulong IdOf(string path)
    {
        using Cgroup cgroup = Open(path);
        return cgroup.Id;
    }

    /// <summary>The path of a cgroup by its number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The path, as <c>/proc/PID/cgroup</c> has it; null when there is none of that number any more.</returns>
    /// <exception cref="BpfException">Cgroups of version 2 are mounted nowhere, or cannot be read.</exception>
    /// <remarks>
    /// Some system calls with CAP_DAC_READ_SEARCH in the initial user namespace; without it, or before Linux 5.5, a walk over all cgroups.
    /// Who asks often keeps the answers: nobody renames a cgroup of version 2, and its number does not come again.
    /// </remarks>
    public static string? PathOf(ulong id)
    {
        CgroupMount mount = CgroupMount.Find() ?? throw new BpfException("open", Errno.ENOENT, $"cgroup {id}", CgroupLookup.Where(), BpfDiagnosticId.NotACgroup);
        using FileDescriptorHandle root = KernelFile.OpenDirectory(mount.Point, out Errno errno) ?? throw new BpfException("open", errno, mount.Point, null);
        using FileDescriptorHandle? found = CgroupHandle.Open(root, id, out errno);
        if (found is null) return errno == Errno.ESTALE ? null : Search(mount, id);
        using HandleUse use = found.Use();
        string? directory = File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}"), returnFinalTarget: false)?.ToString();
        if (directory is null) return Search(mount, id);
        return directory.EndsWith(Removed, StringComparison.Ordinal) ? null : mount.ToPath(directory);
    }

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    /// <summary>Finds a cgroup by looking at all of them.</summary>
    internal static string? Search(CgroupMount mount, ulong id)
    {
        if (CgroupHandle.IdOf(mount.Point, out _) == id) return mount.ToPath(mount.Point);
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        IEnumerable<string> directories = System.IO.Directory.EnumerateDirectories(mount.Point, "*", options);
        foreach (string directory in directories)
        {
            if (CgroupHandle.IdOf(directory, out _) == id) return mount.ToPath(directory);
        }

        return null;
    }

    private static string PathOf(string directory) => CgroupMount.Find() is { } mount ? mount.ToPath(directory) : directory;

    private static BpfException Refuse(string path, CgroupProblem problem) => new(
        problem.Operation,
        problem.Errno,
        $"cgroup {path}",
        problem.Cure is null ? Sentence(problem.What) : $"{Sentence(problem.What)} {problem.Cure}",
        problem.Errno is Errno.EACCES or Errno.EPERM ? BpfDiagnosticId.KernelRefused : BpfDiagnosticId.NotACgroup);

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
