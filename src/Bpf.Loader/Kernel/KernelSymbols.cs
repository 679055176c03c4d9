using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader.Kernel;

/// <summary>The addresses of kernel symbols by their names, found in one pass over /proc/kallsyms.</summary>
internal sealed class KernelSymbols
{
    private const byte StaticData = (byte)'d';

    private readonly Dictionary<string, KernelSymbolMatch> _found;

    private KernelSymbols(Dictionary<string, KernelSymbolMatch> found, bool areAddressesHidden)
    {
        _found = found;
        AreAddressesHidden = areAddressesHidden;
    }

    /// <summary>
    /// Whether every address was 0: <c>kernel.kptr_restrict</c> or a lack of CAP_SYSLOG hides them; then of a name only its presence is known.
    /// </summary>
    public bool AreAddressesHidden { get; }

    /// <summary>Looks for names among the running kernel's symbols and those of its modules.</summary>
    /// <exception cref="BpfException">They cannot be read.</exception>
    [SupportedOSPlatform("linux")]
    public static KernelSymbols Find(IEnumerable<string> names)
    {
        using KernelSymbolReader reader = KernelSymbolReader.Open();
        return Find(reader, names);
    }

    /// <summary>Asks whether another symbol was meant, for messages; null when none is called nearly so, or when they cannot be read.</summary>
    [SupportedOSPlatform("linux")]
    public static string? FindNear(string name)
    {
        try
        {
            using KernelSymbolReader reader = KernelSymbolReader.Open();
            return FindNear(reader, name);
        }
        catch (BpfException)
        {
            return null;
        }
    }

    /// <summary>Asks whether another of some symbols was meant; null when none is called nearly so.</summary>
    /// <exception cref="BpfFormatException">The symbols are malformed.</exception>
    public static string? FindNear(KernelSymbolReader reader, string name)
    {
        var close = new CloseNames(name);
        Span<char> text = stackalloc char[256];
        while (reader.TryRead(out KernelSymbol symbol))
        {
            if (symbol.Name.Length <= text.Length && !KernelFunctionName.IsMadeByTheBuild(symbol.Name)) close.Add(text[..Encoding.Latin1.GetChars(symbol.Name, text)]);
        }

        return close.Question;
    }

    /// <summary>Looks for names among symbols.</summary>
    /// <exception cref="BpfFormatException">The symbols are malformed.</exception>
    public static KernelSymbols Find(KernelSymbolReader reader, IEnumerable<string> names)
    {
        var wanted = new HashSet<string>(names, StringComparer.Ordinal);
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        int longest = 0;
        foreach (string name in wanted)
            longest = Math.Max(longest, name.Length);

        // Names are compared as text of one char a byte: the kernel's are ASCII, and a wanted one that is not matches none.
        Span<char> text = longest <= 512 ? stackalloc char[longest] : new char[longest];
        var found = new Dictionary<string, KernelSymbolMatch>(StringComparer.Ordinal);
        bool hidden = true;
        while (reader.TryRead(out KernelSymbol symbol))
        {
            hidden &= symbol.Address == 0;
            ReadOnlySpan<byte> name = ComparableName(symbol);
            if (name.Length > longest)
                continue;
            int length = Encoding.Latin1.GetChars(name, text);
            if (lookup.TryGetValue(text[..length], out string? known))
                Note(found, known, symbol.Address);
        }

        return new KernelSymbols(found, hidden);
    }

    /// <summary>The address of a name that was looked for; <see langword="false"/> when there is none.</summary>
    public bool TryGet(string name, out KernelSymbolMatch match) => _found.TryGetValue(name, out match);

    // Link-time optimisation makes static data unique by a suffix; as libbpf does, only data of the letter d is known without it.
    private static ReadOnlySpan<byte> ComparableName(in KernelSymbol symbol)
    {
        int suffix = symbol.Kind == StaticData ? symbol.Name.IndexOf(".llvm."u8) : -1;
        return suffix < 0 ? symbol.Name : symbol.Name[..suffix];
    }

    private static void Note(Dictionary<string, KernelSymbolMatch> found, string name, ulong address)
    {
        if (!found.TryGetValue(name, out KernelSymbolMatch match))
            found.Add(name, new KernelSymbolMatch(address, address));
        else if (!match.IsAmbiguous && match.Address != address)
            found[name] = match with { OtherAddress = address };
    }
}
