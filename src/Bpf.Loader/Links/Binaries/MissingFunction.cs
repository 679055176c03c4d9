using Bpf.Loader.Diagnostics;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Why a function was not found.</summary>
internal static class MissingFunction
{
    /// <summary>The error, with names that look like the one that was asked for.</summary>
    public static BpfAttachException Of(BinaryImage binary, SymbolName name)
    {
        string target = $"function '{name.Text}' of '{binary.Path}'";
        var close = new CloseNames(name.Text);
        foreach (BinarySymbolTable table in BinarySymbols.Tables(binary, staticFirst: false))
        {
            SymbolVersions? versions = table.IsDynamic ? SymbolVersions.Read(binary, table.Names) : null;
            foreach (BinarySymbol symbol in SymbolSearch.Find(table, name))
            {
                if (symbol.Type != ElfSymbolType.IndirectFunction || !name.HasVersionOf(symbol.Index, versions)) continue;
                return new BpfAttachException(
                    BpfDiagnosticId.NoSuchSymbol, target, $"'{name.Text}' of '{binary.Path}' has no code of its own: " +
                    "the processor's best implementation is chosen when the library is loaded (STT_GNU_IFUNC).", Errno.ENOENT,
                    hint: "Probe an implementation, such as one whose name has it with a suffix like _avx2, by its name or offset.");
            }

            foreach (BinaryFunction function in FunctionWalk.Read(binary, table, _ => true)) close.Add(function.Name);
        }

        return new BpfAttachException(
            BpfDiagnosticId.NoSuchSymbol, target, $"'{binary.Path}' has no function '{name.Text}'.", Errno.ENOENT,
            hint: NamelessHint(binary), closeNames: close.Best);
    }

    /// <summary>Why many functions have no names; null when the linker's own table is there.</summary>
    public static string? NamelessHint(BinaryImage binary)
    {
        const string Remedy = "only functions that it offers to others have names; probe others by their offset in the file.";
        if (binary.Sections.Find(ElfSectionType.SymbolTable) is not null) return null;
        if (binary.Sections.Problem is string problem)
            return $"Its section headers, which tell where the names of all functions are, cannot be read ({problem}): {Remedy}";
        if (binary.Sections.All.Count == 0) return $"It has no section headers: {Remedy}";
        return binary.Sections.Find(".gnu_debugdata"u8) is not null
            ? $"The names of its other functions are compressed (.gnu_debugdata), which is not read: {Remedy}"
            : $"It is stripped: {Remedy}";
    }
}
