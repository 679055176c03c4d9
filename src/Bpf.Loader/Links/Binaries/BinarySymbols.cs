using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Finds functions of an executable or library, as offsets in its file, which is what the kernel takes.</summary>
internal static class BinarySymbols
{
    /// <summary>The offset of one function.</summary>
    /// <remarks>
    /// The dynamic table is looked at first, and the first table with the name decides, as in libbpf. Of several versions the
    /// default one is taken, as the dynamic linker does, where libbpf gives up.
    /// </remarks>
    /// <exception cref="BpfAttachException">There is no such function, or there are several.</exception>
    public static ulong FindFunction(BinaryImage binary, string function)
    {
        var name = new SymbolName(function);
        foreach (ElfSectionType kind in (ReadOnlySpan<ElfSectionType>)[ElfSectionType.DynamicSymbols, ElfSectionType.SymbolTable])
        {
            if (!binary.Elf.TryFindSection(kind, out ElfSection section)) continue;
            SymbolVersions? versions = kind == ElfSectionType.DynamicSymbols ? new SymbolVersions(binary.Elf) : null;
            if (FindIn(binary, section, name, versions) is ulong offset) return offset + (ulong)binary.Start;
        }

        throw NotFound(binary, name);
    }

    /// <summary>All functions whose names match a pattern. The static table is looked at first, as in libbpf.</summary>
    /// <exception cref="BpfAttachException">No function matches.</exception>
    public static IReadOnlyList<(string Name, ulong Offset)> FindPattern(BinaryImage binary, string pattern)
    {
        byte[] glob = Encoding.UTF8.GetBytes(pattern);
        var found = new List<(string, ulong)>();
        foreach (ElfSectionType kind in (ReadOnlySpan<ElfSectionType>)[ElfSectionType.SymbolTable, ElfSectionType.DynamicSymbols])
        {
            if (!binary.Elf.TryFindSection(kind, out ElfSection section)) continue;
            foreach (ElfSymbol symbol in binary.Elf.GetSymbols(section))
            {
                if (GlobPattern.IsMatch(symbol.NameUtf8, glob) && TryGetOffset(binary.Elf, symbol, out ulong offset))
                    found.Add((symbol.Name, offset + (ulong)binary.Start));
            }

            if (found.Count > 0) return found;
        }

        throw new BpfAttachException(
            BpfDiagnosticId.NoMatch, $"functions '{pattern}' of '{binary.Path}'", $"No function of '{binary.Path}' matches '{pattern}'.",
            Errno.ENOENT, hint: StrippedHint(binary));
    }

    private static ulong? FindIn(BinaryImage binary, ElfSection section, SymbolName name, SymbolVersions? versions)
    {
        ulong? found = null;
        int rank = -1;
        bool ambiguous = false;
        foreach (ElfSymbol symbol in binary.Elf.GetSymbols(section))
        {
            if (!name.Matches(symbol.NameUtf8, symbol.Index, versions) || !TryGetOffset(binary.Elf, symbol, out ulong offset)) continue;
            int candidate = (symbol.Binding == ElfSymbolBinding.Weak ? 0 : 2) + (IsDefault(symbol, versions) ? 1 : 0);
            if (candidate > rank)
            {
                found = offset;
                rank = candidate;
                ambiguous = false;
            }
            else if (candidate == rank && offset != found && symbol.Binding != ElfSymbolBinding.Weak)
            {
                ambiguous = true; // of weak ones the first is as good as the next
            }
        }

        if (!ambiguous) return found;
        throw new BpfAttachException(
            BpfDiagnosticId.AmbiguousFunction, $"function '{name.Text}' of '{binary.Path}'",
            $"'{binary.Path}' has several different functions named '{name.Text}'.",
            hint: name.HasVersion ? "Give the offset of the one that is meant." : "Give its version as NAME@VERSION, or its offset.");
    }

    private static bool IsDefault(ElfSymbol symbol, SymbolVersions? versions)
    {
        if (versions is SymbolVersions table) return table.IsDefault(symbol.Index);
        int at = symbol.NameUtf8.IndexOf((byte)'@');
        return at < 0 || symbol.NameUtf8[at..].StartsWith("@@"u8);
    }

    // File offset = address - address of the section + offset of the section. Undefined functions have no code here.
    private static bool TryGetOffset(ElfFile elf, ElfSymbol symbol, out ulong offset)
    {
        offset = 0;
        if (symbol.Type != ElfSymbolType.Function || symbol.SectionIndex == 0 || symbol.SectionIndex >= elf.Sections.Count) return false;
        ElfSection section = elf.Sections[symbol.SectionIndex];
        offset = symbol.Value - section.Address + section.Offset;
        return offset != 0;
    }

    private static BpfAttachException NotFound(BinaryImage binary, SymbolName name)
    {
        string target = $"function '{name.Text}' of '{binary.Path}'";
        var close = new CloseNames(name.Text);
        foreach (ElfSection section in binary.Elf.Sections)
        {
            if (section.Type is not (ElfSectionType.DynamicSymbols or ElfSectionType.SymbolTable)) continue;
            SymbolVersions? versions = section.Type == ElfSectionType.DynamicSymbols ? new SymbolVersions(binary.Elf) : null;
            foreach (ElfSymbol symbol in binary.Elf.GetSymbols(section))
            {
                if (symbol.Type == ElfSymbolType.IndirectFunction && name.Matches(symbol.NameUtf8, symbol.Index, versions))
                {
                    return new BpfAttachException(
                        BpfDiagnosticId.NoSuchSymbol, target, $"'{name.Text}' of '{binary.Path}' has no code of its own: " +
                        "the processor's best implementation is chosen when the library is loaded (STT_GNU_IFUNC).", Errno.ENOENT,
                        hint: "Probe an implementation, such as one whose name has it with a suffix like _avx2, by its name or offset.");
                }

                if (symbol.Type == ElfSymbolType.Function && symbol.SectionIndex != 0) close.Add(symbol.Name);
            }
        }

        return new BpfAttachException(
            BpfDiagnosticId.NoSuchSymbol, target, $"'{binary.Path}' has no function '{name.Text}'.", Errno.ENOENT,
            hint: StrippedHint(binary), closeNames: close.Best);
    }

    private static string? StrippedHint(BinaryImage binary) => binary.Elf.TryFindSection(ElfSectionType.SymbolTable, out _)
        ? null
        : "It is stripped: only functions that it offers to others have names; probe others by their offset in the file.";
}
