using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Links.Usdt;

/// <summary>The symbols of a binary that arguments of USDT probes are at, looked for when one is named.</summary>
internal sealed class UsdtSymbols(BinaryImage? binary)
{
    private readonly Dictionary<string, (ulong? Address, string? Reason)> _known = new(StringComparer.Ordinal);

    /// <summary>The address of a symbol, as the binary says it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="reason">Why it is not known, as the end of a sentence; null when it is.</param>
    public ulong? Find(string name, out string? reason)
    {
        if (!_known.TryGetValue(name, out (ulong? Address, string? Reason) found))
        {
            found = Search(name);
            _known.Add(name, found);
        }

        reason = found.Reason;
        return found.Address;
    }

    // What assemblers call a symbol by, static ones included, is in the whole table; stripped libraries have the dynamic one.
    private (ulong? Address, string? Reason) Search(string name)
    {
        var wanted = new SymbolName(name);
        foreach (BinarySymbolTable table in binary is null ? [] : BinarySymbols.Tables(binary, staticFirst: true))
        {
            ulong? address = null;
            foreach (BinarySymbol symbol in SymbolSearch.Find(table, wanted))
            {
                if (symbol.Section == 0) continue;
                if (symbol.Type == ElfSymbolType.ThreadLocal) return (null, $"'{name}' is another variable in each thread");
                if (symbol.Type == ElfSymbolType.IndirectFunction) return (null, $"'{name}' is chosen when the binary is loaded");
                if (address is not null && address != symbol.Address) return (null, $"the binary has several symbols '{name}'");
                address = symbol.Address;
            }

            if (address is not null) return (address, null);
        }

        return (null, binary?.StaticSymbols is null ? $"the binary is stripped and does not tell where '{name}' is" : $"the binary has no symbol '{name}'");
    }
}
