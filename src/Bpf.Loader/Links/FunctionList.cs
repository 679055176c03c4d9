using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>Reads the lists of traceable functions that tracefs has.</summary>
internal static class FunctionList
{
    // "ffffffff81000000 name [module]"; zeros where addresses are hidden.
    public static void ReadWithAddresses(Stream list, ReadOnlySpan<byte> glob, List<ulong> addresses)
    {
        using var lines = new LineReader(list);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            int space = line.IndexOf((byte)' ');
            if (space < 0 || !Utf8Parser.TryParse(line[..space], out ulong address, out int digits, 'x') || digits != space || address == 0) continue;
            if (GlobPattern.IsMatch(NameOf(line[(space + 1)..]), glob)) addresses.Add(address);
        }
    }

    public static HashSet<string> ReadNames(Stream list, ReadOnlySpan<byte> glob)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var lines = new LineReader(list);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> name = NameOf(line);
            if (GlobPattern.IsMatch(name, glob)) names.Add(Encoding.Latin1.GetString(name));
        }

        return names;
    }

    /// <summary>The name in a line of names.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOfAny((byte)' ', (byte)'\t');
        return end < 0 ? line : line[..end];
    }
}
