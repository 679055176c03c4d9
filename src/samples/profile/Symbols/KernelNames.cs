using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Bpf.Samples.Symbols;

/// <summary>The kernel's functions, and those of its modules and BPF programs.</summary>
internal static class KernelNames
{
    /// <summary>Reads /proc/kallsyms, whose lines are "ffffffff81000000 T _text".</summary>
    public static SymbolTable Read() => new(Lines());

    private static IEnumerable<(ulong Start, ulong Size, string Name)> Lines()
    {
        foreach (string line in File.ReadLines("/proc/kallsyms"))
        {
            string[] words = line.Split([' ', '\t'], 4);
            if (words[1] is "t" or "T" or "w" or "W")
                yield return (ulong.Parse(words[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 0, words[2]);
        }
    }
}
