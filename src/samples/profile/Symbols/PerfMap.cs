using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Bpf.Samples.Symbols;

/// <summary>
/// The methods that a runtime compiled, from the file that it writes for profilers: .NET does with DOTNET_PerfMapEnabled=1 in its
/// environment, Node.js and Java have switches of their own.
/// </summary>
internal static class PerfMap
{
    /// <summary>Reads /tmp/perf-PID.map, as the process sees it; a process without one has no compiled methods.</summary>
    public static SymbolTable Read(uint pid)
    {
        string path = $"/proc/{pid}/root/tmp/perf-{InnermostPid(pid)}.map";
        return new SymbolTable(File.Exists(path) ? Lines(path) : []);
    }

    // "0x7f0a1c3d5e80 4b void [app] App.Worker::Spin(int32)[OptimizedTier1]"
    private static IEnumerable<(ulong Start, ulong Size, string Name)> Lines(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            // The runtime may be in the middle of the last line.
            string[] words = line.Split(' ', 3);
            if (words.Length == 3 && TryHex(words[0], out ulong start) && TryHex(words[1], out ulong size))
                yield return (start, size, words[2]);
        }
    }

    // In a container, a process has another number for itself than we have for it: "NSpid: 4711 12".
    private static string InnermostPid(uint pid)
    {
        string status = $"/proc/{pid}/status";
        if (File.Exists(status))
        {
            foreach (string line in File.ReadLines(status))
            {
                if (line.StartsWith("NSpid:", StringComparison.Ordinal))
                    return line.Split('\t')[^1];
            }
        }

        return pid.ToString(CultureInfo.InvariantCulture);
    }

    // .NET writes an address with 0x from version 10 on; before, and in the maps of others, it is without.
    private static bool TryHex(string text, out ulong number) =>
        ulong.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
}
