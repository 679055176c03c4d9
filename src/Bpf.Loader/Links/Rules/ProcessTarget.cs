using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links.Rules;

/// <summary>A process that runs a program. One that executes another program is another target, and so is one that gets its number later.</summary>
/// <param name="Id">Its number, as this process sees it.</param>
/// <param name="Name">Its name (<c>comm</c>), at most 15 bytes: that of the program or script, unless it gave itself another.</param>
/// <param name="Executable">The path of the program, as the process sees it; null of the kernel's own, and of those that this process may not look into.</param>
/// <param name="Started">When it was made, in clock ticks since the boot.</param>
[SupportedOSPlatform("linux")]
public sealed record ProcessTarget(int Id, string Name, string? Executable, ulong Started)
{
    private const string Removed = " (deleted)";

    /// <inheritdoc/>
    public bool Equals(ProcessTarget? other) => other is not null && Id == other.Id && Started == other.Started && Executable == other.Executable;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Started);

    /// <summary>Name and number, as in <c>node:1234</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Id}");

    /// <summary>Whether it runs a program of a pattern.</summary>
    internal bool Runs(string pattern)
    {
        if (pattern.Contains('/', StringComparison.Ordinal)) return Executable is not null && GlobPattern.IsMatch(Executable, pattern);
        return GlobPattern.IsMatch(Name, pattern) || (Executable is not null && GlobPattern.IsMatch(Path.GetFileName(Executable.AsSpan()), pattern));
    }

    /// <summary>Looks at a process.</summary>
    /// <returns>Null when there is none, or one that has ended and was not waited for yet.</returns>
    internal static ProcessTarget? Read(int id)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        if (SystemFile.TryReadBytes(directory + "/stat", out _) is not { } line || Parse(id, line, out bool hasEnded) is not { } process) return null;
        if (hasEnded && !HasOtherThreads(id)) return null;
        return process with { Executable = ReadExecutable(directory + "/exe") };
    }

    /// <summary>Whether a process has threads beside its first one, which may end before them.</summary>
    internal static bool HasOtherThreads(int id)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/task")).Skip(1).Any();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the line of /proc/PID/stat: the name stands in parentheses and may hold any character.</summary>
    /// <param name="id">The process.</param>
    /// <param name="line">The line.</param>
    /// <param name="hasEnded">Whether its first thread has ended.</param>
    internal static ProcessTarget? Parse(int id, ReadOnlySpan<byte> line, out bool hasEnded)
    {
        hasEnded = false;
        const int StateField = 3, StartField = 22; // proc_pid_stat(5)
        int open = line.IndexOf((byte)'('), close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open || close + 2 >= line.Length) return null;
        string[] fields = Encoding.ASCII.GetString(line[(close + 2)..]).Split(' ', StringSplitOptions.TrimEntries);
        if (fields.Length <= StartField - StateField) return null;
        hasEnded = fields[0] is "Z" or "X";
        return ulong.TryParse(fields[StartField - StateField], NumberStyles.None, CultureInfo.InvariantCulture, out ulong started)
            ? new ProcessTarget(id, Encoding.UTF8.GetString(line[(open + 1)..close]), null, started)
            : null;
    }

    // A file that was replaced while it runs is the same program still.
    private static string? ReadExecutable(string link)
    {
        try
        {
            string? path = new FileInfo(link).LinkTarget;
            return path?.EndsWith(Removed, StringComparison.Ordinal) == true ? path[..^Removed.Length] : path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
