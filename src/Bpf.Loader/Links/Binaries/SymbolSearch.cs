using System;
using System.Collections.Generic;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Finds the symbols of a table that bear a name: by its hash table, else by the places of its string table where the name stands.</summary>
internal static class SymbolSearch
{
    public static List<BinarySymbol> Find(BinarySymbolTable table, SymbolName name)
    {
        var found = new List<BinarySymbol>();
        byte[] text = name.TextIn(table);
        if (text.Length == 0) return found;
        foreach (uint index in table.Hash?.Find(text) ?? [])
        {
            if (table.At(index) is BinarySymbol symbol && HasName(table, symbol, text)) found.Add(symbol);
        }

        // A symbol that the hash table has not may be there none the less: others than the dynamic loader do not ask it.
        if (found.Count > 0) return found;
        foreach (List<uint> places in NamePlaces.Find(table.Names, text, orWithVersion: !name.HasVersion)) found.AddRange(table.At(places));
        return found;
    }

    private static bool HasName(BinarySymbolTable table, in BinarySymbol symbol, byte[] name)
    {
        ReadOnlySpan<byte> text = table.Names.At(symbol.Name, name.Length + 1);
        return text.Length == name.Length + 1 && text[^1] == 0 && text.StartsWith(name);
    }
}
