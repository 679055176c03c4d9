using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// Goes through all functions of a table with their names. Names are in another order than symbols; they are read in theirs,
/// so that the string table is gone through once, and only the names that are wanted are made.
/// </summary>
internal static class FunctionWalk
{
    public delegate bool NameFilter(ReadOnlySpan<byte> name);

    /// <summary>The functions that can be probed and whose names are wanted, in the order of the table.</summary>
    /// <exception cref="BpfFormatException">A name lies outside of the string table.</exception>
    public static List<BinaryFunction> Read(BinaryImage binary, BinarySymbolTable table, NameFilter isWanted)
    {
        var symbols = new List<BinarySymbol>();
        foreach (BinarySymbol symbol in table.All())
        {
            if (symbol.IsFunction && binary.Segments.TryGetCode(BinarySymbols.CodeAddress(binary, symbol), out _)) symbols.Add(symbol);
        }

        symbols.Sort((left, right) => left.Name.CompareTo(right.Name));
        var functions = new List<BinaryFunction>();
        foreach (BinarySymbol symbol in symbols)
        {
            ReadOnlySpan<byte> name = table.NameOf(symbol);
            if (name.IsEmpty || !isWanted(name)) continue;
            ulong address = BinarySymbols.CodeAddress(binary, symbol);
            binary.Segments.TryGetCode(address, out ulong offset);
            functions.Add(new BinaryFunction(symbol.Index, Encoding.UTF8.GetString(name), address, offset, symbol.Size));
        }

        functions.Sort((left, right) => left.Index.CompareTo(right.Index));
        return functions;
    }
}
