using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Finds the file of a library or program, by its path or by a name that the dynamic loader or the shell would look for.</summary>
[SupportedOSPlatform("linux")]
internal static class BinarySearch
{
    private const string ProgramDirectories = "/usr/bin:/usr/sbin:/bin:/sbin";

    private static readonly string LibraryDirectories =
        $"/lib64:/usr/lib64:/lib:/usr/lib:/lib/{MultiarchDirectory}:/usr/lib/{MultiarchDirectory}:/usr/local/lib";

    /// <summary>Opens a binary and reads its headers.</summary>
    /// <param name="name">A path, a name such as <c>libssl.so.3</c> or <c>bash</c>, or <c>ARCHIVE!/ENTRY</c>.</param>
    /// <param name="processId">The process whose files are meant, which may be in a container; null for our own view.</param>
    /// <exception cref="BpfAttachException">It is nowhere, or cannot be read.</exception>
    public static BinaryImage Open(string name, int? processId)
    {
        (string path, string? entry) = BinaryImage.Split(name);
        if (processId is int process && entry is null && !path.Contains('/', StringComparison.Ordinal)
            && ProcessFiles.Of(process) is var files && files.FindByName(path) is null && files.FindInArchive(path) is (ProcessMapping archive, string mapped))
            return BinaryImage.Open(files.Open(archive), mapped);
        return BinaryImage.Open(OpenFile(path, processId), entry);
    }

    /// <summary>Opens the file of a binary: of a process, the one that it runs.</summary>
    /// <exception cref="BpfAttachException">It is nowhere, or cannot be read.</exception>
    public static BinaryFile OpenFile(string name, int? processId)
    {
        if (FileView.TrySplitRoot(name, out string root, out string rest))
        {
            using FileView view = FileView.OfRoot(root);
            return OpenIn(view, rest, processId);
        }

        // What is below /proc is ours to see, such as /proc/PID/exe.
        if (processId is not int process || name.StartsWith("/proc/", StringComparison.Ordinal))
        {
            using FileView own = FileView.Own();
            return OpenIn(own, name, null);
        }

        using FileView seen = FileView.OfProcess(process);
        if (!seen.IsOwn && !name.StartsWith('/') && name.Contains('/', StringComparison.Ordinal))
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoSuchBinary, $"binary '{name}'", $"'{name}' is a path from a directory that process {process}, which has another root, does not know.",
                Errno.ENOENT, hint: "Give the path from its root.");
        }

        return OpenIn(seen, name, process);
    }

    /// <summary>True for what looks like a library: <c>.so</c> at the end or followed by a version.</summary>
    public static bool IsLibrary(string name) =>
        name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    private static BinaryFile OpenIn(FileView view, string name, int? processId)
    {
        ProcessFiles? running = processId is int process ? ProcessFiles.Of(process) : null;
        if (!name.Contains('/', StringComparison.Ordinal))
        {
            if ((running?.FindByName(name) ?? (IsLibrary(name) ? running?.FindBySharedName(name) : null)) is ProcessMapping mapping) return running!.Open(mapping);
            name = Find(view, name, processId);
        }

        BinaryFile file;
        try
        {
            file = view.Open(name);
        }
        catch (InputFileException error)
        {
            // It may run none the less: what was deleted has no path any more.
            if (error.IsMissing && running is not null && view.KernelNameOf(name) is string then && running.FindByPath(then) is ProcessMapping deleted)
                return running.Open(deleted);
            throw BinaryFile.Unreadable(view.Prefix + name, error);
        }

        if (running is null || running.Has(file) || FindOlder(running, file) is not ProcessMapping older) return file;
        // The process has mapped another file by this name: a probe in the new one would never be hit.
        file.Dispose();
        return running.Open(older);
    }

    private static ProcessMapping? FindOlder(ProcessFiles running, BinaryFile file)
    {
        if (file.KernelName is string name && running.FindByPath(name) is ProcessMapping mapping) return mapping;
        try
        {
            return new BinaryImage(file, file.Path).SharedName is string shared ? running.FindBySharedName(shared) : null;
        }
        catch (BpfFormatException)
        {
            return null; // whoever reads it will say so
        }
    }

    private static string Find(FileView view, string name, int? processId)
    {
        var looked = new List<string>();
        string? found = IsLibrary(name) ? FindLibrary(view, name, processId, looked) : FindProgram(view, name, processId, looked);
        return found ?? throw new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, $"binary '{name}'",
            $"There is no {(IsLibrary(name) ? "library" : "program")} '{name}' in {string.Join(", ", looked)}.", Errno.ENOENT,
            hint: IsLibrary(name) ? "Give its path, or its name with the version, such as libssl.so.3." : "Give its path.");
    }

    private static string? FindLibrary(FileView view, string name, int? processId, List<string> looked)
    {
        const string Cache = "/etc/ld.so.cache";
        if (FindIn(view, ProcessEnvironment.Find("LD_LIBRARY_PATH", processId), name, program: false, looked) is string preferred) return preferred;
        looked.Add(view.Prefix + Cache);
        if (ReadCache(view, Cache) is byte[] cache
            && LibraryCache.Find(cache, Encoding.UTF8.GetBytes(name), RuntimeInformation.ProcessArchitecture) is string cached && view.HasFile(cached, program: false))
            return cached;
        return FindIn(view, LibraryDirectories, name, program: false, looked);
    }

    private static byte[]? ReadCache(FileView view, string path)
    {
        const int Largest = 64 << 20;
        try
        {
            using BinaryFile file = view.Open(path);
            byte[] cache = new byte[Math.Min(file.Length, Largest)];
            return cache[..file.Read(0, cache)];
        }
        catch (Exception error) when (error is InputFileException or BpfAttachException)
        {
            return null; // not every C library has one
        }
    }

    private static string? FindProgram(FileView view, string name, int? processId, List<string> looked) =>
        FindIn(view, ProcessEnvironment.Find("PATH", processId), name, program: true, looked) ?? FindIn(view, ProgramDirectories, name, program: true, looked);

    private static string? FindIn(FileView view, string? directories, string name, bool program, List<string> looked)
    {
        foreach (string directory in (directories ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string path = $"{directory.TrimEnd('/')}/{name}";
            if (!looked.Contains(view.Prefix + directory)) looked.Add(view.Prefix + directory);
            if (view.HasFile(path, program)) return path;
        }

        return null;
    }

    private static string MultiarchDirectory => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x86_64-linux-gnu",
        Architecture.Arm64 => "aarch64-linux-gnu",
        Architecture.S390x => "s390x-linux-gnu",
        Architecture.RiscV64 => "riscv64-linux-gnu",
        Architecture.Ppc64le => "powerpc64le-linux-gnu",
        _ => "i386-linux-gnu",
    };
}
