using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Samples.Symbols;

/// <summary>Names by addresses.</summary>
internal sealed class SymbolTable
{
    private readonly ulong[] _starts;
    private readonly (ulong Size, string Name)[] _symbols;

    /// <summary>Makes a table. Of two symbols at one address the later counts.</summary>
    /// <param name="symbols">The symbols, in any order; one of size 0 reaches to the next.</param>
    public SymbolTable(IEnumerable<(ulong Start, ulong Size, string Name)> symbols)
    {
        (ulong Start, ulong Size, string Name)[] sorted = [.. symbols.OrderBy(symbol => symbol.Start)];
        _starts = Array.ConvertAll(sorted, symbol => symbol.Start);
        _symbols = Array.ConvertAll(sorted, symbol => (symbol.Size, symbol.Name));
    }

    /// <summary>The name of the symbol that an address is in.</summary>
    public string? Find(ulong address)
    {
        int low = 0, high = _starts.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_starts[middle] <= address)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == 0)
            return null;
        (ulong size, string name) = _symbols[low - 1];
        return size == 0 || address - _starts[low - 1] < size ? name : null;
    }
}
