using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>What a process has mapped: <c>/proc/PID/maps</c>.</summary>
internal static class ProcessMaps
{
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

    // start-end perms offset major:minor inode path
    internal static bool TryParse(ReadOnlySpan<char> line, out ProcessMapping mapping)
    {
        mapping = default;
        Span<Range> fields = stackalloc Range[6];
        if (line.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries) != 6) return false;
        ReadOnlySpan<char> range = line[fields[0]], device = line[fields[3]];
        int dash = range.IndexOf('-'), colon = device.IndexOf(':');
        if (dash < 0 || colon < 0
            || !TryParseHex(range[..dash], out ulong start) || !TryParseHex(range[(dash + 1)..], out ulong end) || !TryParseHex(line[fields[2]], out ulong offset)
            || !TryParseHex(device[..colon], out ulong major) || !TryParseHex(device[(colon + 1)..], out ulong minor)
            || !ulong.TryParse(line[fields[4]], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
            return false;
        // A line feed is the one character that the kernel writes as its number.
        string path = new string(line[fields[5]]).Replace("\\012", "\n", StringComparison.Ordinal);
        mapping = new ProcessMapping(start, end, offset, line[fields[1]].Contains('x'), new FileIdentity((major << 32) | minor, inode), path);
        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
