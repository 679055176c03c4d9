using System;
using System.IO;
using System.Runtime.Versioning;

namespace Bpf.Loader.Links;

/// <summary>The functions that the kernel does not let be probed, because probing them would need them, as debugfs lists them.</summary>
[SupportedOSPlatform("linux")]
internal static class ProbeBlacklist
{
    private const string Path = "/sys/kernel/debug/kprobes/blacklist";

    /// <summary>Whether a function is on the list; null when it cannot be read.</summary>
    public static bool? Contains(string function)
    {
        try
        {
            // "0xffffffff81000000-0xffffffff81000010\tname"; the name may be followed by " [module]".
            foreach (string line in File.ReadLines(Path))
            {
                string name = line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..];
                if (name.StartsWith(function, StringComparison.Ordinal) && (name.Length == function.Length || name[function.Length] is ' ' or '\t')) return true;
            }

            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
