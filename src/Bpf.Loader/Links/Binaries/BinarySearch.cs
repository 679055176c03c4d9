using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Finds the file of a library or program that is named without a path, as the dynamic loader and the shell would.</summary>
internal static class BinarySearch
{
    /// <summary>The path of a binary; a name with a slash is a path already.</summary>
    /// <param name="name">A path, or a name such as <c>libssl.so.3</c> or <c>bash</c>.</param>
    /// <param name="processId">The process whose files are meant, which may be in a container; null for our own view.</param>
    /// <exception cref="BpfAttachException">It is nowhere.</exception>
    public static string Resolve(string name, int? processId)
    {
        string root = processId is int pid ? string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root") : "";
        if (name.Contains('/', StringComparison.Ordinal))
            return name.StartsWith('/') && !name.StartsWith("/proc/", StringComparison.Ordinal) ? root + name : name;

        if (processId is int mapped && ProcessMaps.FindMapped(mapped, name) is string path) return root + path;
        var looked = new List<string>();
        string? found = IsLibrary(name) ? FindLibrary(name, root, looked) : FindProgram(name, root, looked);
        if (found is not null) return found;
        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, $"binary '{name}'",
            $"There is no {(IsLibrary(name) ? "library" : "program")} '{name}' in {string.Join(", ", looked)}.", Errno.ENOENT,
            hint: IsLibrary(name) ? "Give its path, or its name with the version, such as libssl.so.3." : "Give its path.");
    }

    /// <summary>True for what looks like a library: <c>.so</c> at the end or followed by a version.</summary>
    public static bool IsLibrary(string name) =>
        name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    private static string? FindLibrary(string name, string root, List<string> looked)
    {
        if (FindIn(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH"), name, root, program: false, looked) is string preferred) return preferred;
        string cache = root + "/etc/ld.so.cache";
        looked.Add(cache);
        if (File.Exists(cache)
            && LibraryCache.Find(File.ReadAllBytes(cache), Encoding.UTF8.GetBytes(name), RuntimeInformation.ProcessArchitecture) is string cached
            && File.Exists(root + cached))
            return root + cached;
        string multiarch = MultiarchDirectory;
        return FindIn($"/lib64:/usr/lib64:/lib:/usr/lib:/lib/{multiarch}:/usr/lib/{multiarch}:/usr/local/lib", name, root, program: false, looked);
    }

    private static string? FindProgram(string name, string root, List<string> looked) =>
        FindIn(Environment.GetEnvironmentVariable("PATH"), name, root, program: true, looked)
        ?? FindIn("/usr/bin:/usr/sbin:/bin:/sbin", name, root, program: true, looked);

    private static string? FindIn(string? directories, string name, string root, bool program, List<string> looked)
    {
        foreach (string directory in (directories ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.Combine(root + directory, name);
            if (!looked.Contains(root + directory)) looked.Add(root + directory);
            if (File.Exists(path) && (!program || IsExecutable(path))) return path;
        }

        return null;
    }

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

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
