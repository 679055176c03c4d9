using System;
using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Loader.Kernel;

/// <summary>The kernel's lists of CPUs, such as <c>0-3,5</c>.</summary>
internal static class CpuList
{
    // Far above CONFIG_NR_CPUS of any kernel (8192), so that a damaged list cannot ask for unbounded memory.
    private const int MaxCpus = 1 << 16;

    /// <summary>The CPUs of a list, in its order.</summary>
    /// <param name="text">The list, with or without the end of a line.</param>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <exception cref="BpfFormatException">The list is malformed.</exception>
    public static int[] Parse(ReadOnlySpan<char> text, string source)
    {
        var cpus = new List<int>();
        ReadOnlySpan<char> rest = text.Trim();
        while (!rest.IsEmpty)
        {
            int comma = rest.IndexOf(',');
            ReadOnlySpan<char> range = comma < 0 ? rest : rest[..comma];
            rest = comma < 0 ? default : rest[(comma + 1)..];

            int dash = range.IndexOf('-');
            int first = Number(dash < 0 ? range : range[..dash], text, source);
            int last = dash < 0 ? first : Number(range[(dash + 1)..], text, source);
            if (last < first || cpus.Count + (last - first) >= MaxCpus)
                throw Malformed(text, source);
            for (int cpu = first; cpu <= last; cpu++)
                cpus.Add(cpu);
        }

        return cpus.Count > 0 ? cpus.ToArray() : throw Malformed(text, source);
    }

    private static int Number(ReadOnlySpan<char> text, ReadOnlySpan<char> whole, string source)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < MaxCpus
            ? number
            : throw Malformed(whole, source);

    private static BpfFormatException Malformed(ReadOnlySpan<char> text, string source)
        => new($"'{text[..Math.Min(text.Length, 80)].Trim()}' is no list of CPUs.", source);
}
