using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Links.Binaries;

/// <summary>All functions of a binary that can be probed by name, each once.</summary>
internal static class BinaryFunctionList
{
    public static IReadOnlyList<BpfBinaryFunction> Read(BinaryImage binary)
    {
        var functions = new List<BpfBinaryFunction>();
        var known = new HashSet<(string, ulong)>();
        foreach (BinarySymbolTable table in BinarySymbols.Tables(binary, staticFirst: false))
        {
            SymbolVersions? versions = table.IsDynamic ? SymbolVersions.Read(binary, table.Names) : null;
            foreach (BinaryFunction function in FunctionWalk.Read(binary, table, _ => true))
            {
                // In .symtab the linker leaves versions in the names.
                int at = table.IsDynamic ? -1 : function.Name.IndexOf('@', StringComparison.Ordinal);
                string name = at < 0 ? function.Name : function.Name[..at];
                string? version = at < 0 ? VersionOf(function, versions) : function.Name[at..].TrimStart('@');
                if (known.Add((name, function.Offset)) || (table.IsDynamic && version is not null))
                    functions.Add(new BpfBinaryFunction(name, version, function.Offset + (ulong)binary.Start, function.Address, function.Size, table.IsDynamic));
            }
        }

        functions.Sort((left, right) => left.Offset != right.Offset ? left.Offset.CompareTo(right.Offset) : string.CompareOrdinal(left.Name, right.Name));
        return functions;
    }

    private static string? VersionOf(in BinaryFunction function, SymbolVersions? versions) =>
        versions?.HasName(function.Index) == true ? Encoding.UTF8.GetString(versions.NameOf(function.Index)) : null;
}
