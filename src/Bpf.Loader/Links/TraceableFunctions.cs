using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>Which kernel functions can be traced, as tracefs lists them.</summary>
[SupportedOSPlatform("linux")]
internal static class TraceableFunctions
{
    private const string WithAddresses = "available_filter_functions_addrs"; // 6.5
    private const string Names = "available_filter_functions";

    /// <summary>The addresses of all traceable functions that match a pattern.</summary>
    /// <exception cref="BpfAttachException">None matches, or the lists may not be read.</exception>
    public static IReadOnlyList<ulong> FindAddresses(ProgramToAttach program, string target, string pattern)
    {
        TraceFs files = TracingFiles.Open(program, target);
        byte[] glob = Encoding.UTF8.GetBytes(pattern);
        var addresses = new List<ulong>();
        if (files.TryOpenRead(WithAddresses, out _) is Stream list) FunctionList.ReadWithAddresses(list, glob, addresses);
        else ReadByNames(program, target, files, glob, addresses);

        if (addresses.Count > 0) return addresses;
        throw new BpfAttachException(
            BpfDiagnosticId.NoMatch, target,
            $"The program '{program.Name}' cannot be attached to {target}: {WhyNone(pattern, glob)}", Errno.ENOENT);
    }

    /// <summary>Whether a function can be traced; null when the list cannot be read.</summary>
    public static bool? Contains(string function) => Missing([function]) is { } missing ? missing.Count == 0 : null;

    /// <summary>Which of some functions cannot be traced; null when the list cannot be read.</summary>
    public static IReadOnlyList<string>? Missing(IReadOnlyList<string> functions)
    {
        if (TraceFs.Current.TryOpenRead(Names, out _) is not Stream list) return null;
        var missing = new HashSet<string>(functions, StringComparer.Ordinal);
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = missing.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> text = stackalloc char[512];
        using var lines = new LineReader(list);
        while (missing.Count > 0 && lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> name = FunctionList.NameOf(line);
            if (name.Length <= text.Length) lookup.Remove(text[..Encoding.Latin1.GetChars(name, text)]);
        }

        return [.. functions.Where(missing.Contains).Distinct()];
    }

    // What the kernel has of a pattern, although none of it can be traced.
    private static string WhyNone(string pattern, ReadOnlySpan<byte> glob)
    {
        int count = 0;
        string first = "";
        try
        {
            using KernelSymbolReader symbols = KernelSymbolReader.Open();
            while (symbols.TryRead(out KernelSymbol symbol))
            {
                if ((symbol.Kind | 0x20) is not ((byte)'t' or (byte)'w') || KernelFunctionName.IsMadeByTheBuild(symbol.Name) || !GlobPattern.IsMatch(symbol.Name, glob)) continue;
                if (count++ == 0) first = Encoding.Latin1.GetString(symbol.Name);
            }
        }
        catch (BpfException)
        {
            return "no traceable function of this kernel matches.";
        }

        return count == 0
            ? $"no function of this kernel matches '{pattern}'."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"of the {count} functions of this kernel that match, such as {first}, none can be traced: they are marked notrace or NOKPROBE (see available_filter_functions in tracefs).");
    }

    // Before 6.5 the list has names only: their addresses are those of /proc/kallsyms.
    private static void ReadByNames(ProgramToAttach program, string target, TraceFs files, byte[] glob, List<ulong> addresses)
    {
        Stream list = files.TryOpenRead(Names, out Errno errno)
            ?? throw AttachFailure.OfCall("open", errno, program, target, Capability.SysAdmin, errno == Errno.ENOENT ? "The kernel is built without CONFIG_DYNAMIC_FTRACE." : null);
        HashSet<string> names = FunctionList.ReadNames(list, glob);
        if (names.Count == 0) return;

        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = names.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> text = stackalloc char[512];
        using KernelSymbolReader symbols = KernelSymbolReader.Open();
        while (symbols.TryRead(out KernelSymbol symbol))
        {
            if ((symbol.Kind | 0x20) is not ((byte)'t' or (byte)'w') || symbol.Address == 0 || symbol.Name.Length > text.Length) continue;
            if (lookup.Contains(text[..Encoding.Latin1.GetChars(symbol.Name, text)])) addresses.Add(symbol.Address);
        }
    }
}
