using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader.Kernel;

/// <summary>What the kernel's symbols tell of a function by its name: whether it is there, what the compiler made of it, and what is called nearly so.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FunctionSearch
{
    private const int MostVariants = 3;

    // What the compiler makes of a function when it changes it: its name with one of these behind a dot, and a number. What it calls
    // cold is a part that is jumped to.
    private static readonly string[] Changes = ["isra", "constprop", "part", "llvm", "lto_priv", "localalias"];

    private readonly string _function;
    private readonly CloseNames _close;
    private readonly List<string> _variants = [];

    private FunctionSearch(string function)
    {
        _function = function;
        _close = new CloseNames(function);
    }

    /// <summary>How many functions bear the name; -1 when the symbols cannot be read.</summary>
    public int Count { get; private set; }

    /// <summary>What the compiler made of the function, such as <c>tcp_ack.isra.0</c>.</summary>
    public IReadOnlyList<string> Variants => _variants;

    /// <summary>The functions that are called nearly so, the closest first.</summary>
    public IReadOnlyList<string> Close => _close.Best;

    /// <summary>Searches the symbols of the kernel and of the modules that are loaded.</summary>
    public static FunctionSearch For(string function)
    {
        var search = new FunctionSearch(function);
        byte[] wanted = Encoding.UTF8.GetBytes(function);
        Span<char> text = stackalloc char[256];
        try
        {
            using KernelSymbolReader symbols = KernelSymbolReader.Open();
            while (symbols.TryRead(out KernelSymbol symbol))
            {
                if ((symbol.Kind | 0x20) is not ((byte)'t' or (byte)'w')) continue;
                if (symbol.Name.SequenceEqual(wanted)) search.Count++;
                else if (symbol.Name.Length <= text.Length && !KernelFunctionName.IsMadeByTheBuild(symbol.Name)) search.Consider(text[..Encoding.Latin1.GetChars(symbol.Name, text)]);
            }
        }
        catch (BpfException)
        {
            search.Count = -1;
        }

        return search;
    }

    /// <summary>What the compiler made of the function, for people: <c>tcp_ack.isra.0 and tcp_ack.part.0</c>; null when it made nothing of it.</summary>
    public string? DescribeVariants() => _variants.Count == 0 ? null : string.Join(" and ", _variants);

    private void Consider(ReadOnlySpan<char> name)
    {
        _close.Add(name);
        if (_variants.Count >= MostVariants || name.Length <= _function.Length + 1 || name[_function.Length] != '.' || !name.StartsWith(_function)) return;
        foreach (string change in Changes)
        {
            if (!name[(_function.Length + 1)..].StartsWith(change)) continue;
            _variants.Add(name.ToString());
            return;
        }
    }
}
