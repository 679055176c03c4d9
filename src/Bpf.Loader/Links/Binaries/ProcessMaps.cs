using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Bpf.Loader.Links.Binaries;

/// <summary>What a process has mapped: <c>/proc/PID/maps</c>.</summary>
internal static class ProcessMaps
{
    /// <summary>The path, in the process's own view, of a mapped file with a name; null when there is none.</summary>
    /// <exception cref="BpfAttachException">There is no such process.</exception>
    public static string? FindMapped(int processId, string name)
    {
        foreach (ProcessMapping mapping in Read(processId))
        {
            if (Path.GetFileName(mapping.Path.AsSpan()).SequenceEqual(name) && mapping.Path.StartsWith('/')) return mapping.Path;
        }

        return null;
    }

    /// <summary>The mappings of a process that have a path.</summary>
    /// <exception cref="BpfAttachException">There is no such process.</exception>
    public static IReadOnlyList<ProcessMapping> Read(int processId)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/maps");
        try
        {
            var mappings = new List<ProcessMapping>();
            foreach (string line in File.ReadLines(file))
                if (TryParse(line, out ProcessMapping mapping)) mappings.Add(mapping);
            return mappings;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoSuchBinary, $"process {processId}", $"The mappings of process {processId} cannot be read: {error.Message}",
                error is UnauthorizedAccessException ? Errno.EACCES : Errno.ESRCH, "open",
                "The process has ended, or belongs to another user: then CAP_SYS_PTRACE is needed.");
        }
    }

    // start-end perms offset dev inode path
    internal static bool TryParse(ReadOnlySpan<char> line, out ProcessMapping mapping)
    {
        mapping = default;
        Span<Range> fields = stackalloc Range[6];
        if (line.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries) != 6) return false;
        ReadOnlySpan<char> range = line[fields[0]];
        int dash = range.IndexOf('-');
        if (dash < 0
            || !ulong.TryParse(range[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
            || !ulong.TryParse(range[(dash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong end)
            || !ulong.TryParse(line[fields[2]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong offset))
            return false;
        mapping = new ProcessMapping(start, end, offset, line[fields[1]].Contains('x'), new string(line[fields[5]]));
        return true;
    }
}
