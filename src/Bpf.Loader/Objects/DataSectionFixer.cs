using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>
/// Fills in what clang leaves to the loader: the sizes of the data sections of the BTF and the offsets of the global variables in
/// them. Hidden variables become static.
/// </summary>
internal static class DataSectionFixer
{
    public static void Fix(ObjectContext context)
    {
        if (context.Btf is not BtfReader btf) return;
        Dictionary<string, ElfSymbol>? symbols = null;
        foreach (BtfTypeId id in context.DataSections)
        {
            BtfType section = btf[id];
            if (section.NameUtf8.SequenceEqual(".kconfig"u8) || section.NameUtf8.SequenceEqual(".ksyms"u8)) continue;
            Fix(context, section, symbols ??= GlobalVariables(context));
        }
    }

    private static void Fix(ObjectContext context, BtfType section, Dictionary<string, ElfSymbol> symbols)
    {
        BtfReader btf = context.Btf!;
        bool isOpen = section.Size == 0;
        uint size = isOpen ? SizeOfSection(context, section) : section.Size;
        if (isOpen) context.EditBtf().SetSize(section.Id, size);
        int index = context.SectionsByName.GetValueOrDefault(context.Text(section.NameUtf8), -1);

        BtfSectionVariable[] variables = [.. section.Variables];
        bool isChanged = false;
        for (int i = 0; i < variables.Length; i++)
        {
            BtfType variable = btf[variables[i].TypeId];
            if (variable.Kind != BtfKind.Variable)
            {
                throw new BpfFormatException(
                    $"Entry {i} of the data section in the BTF is {variable}, and no variable.", section.Name, null, BpfDiagnosticId.DataSectionEntry);
            }

            if (variable.Linkage != BtfLinkage.Global) continue;
            string name = context.Text(variable.NameUtf8);
            if (!symbols.TryGetValue(name, out ElfSymbol symbol))
            {
                throw new BpfFormatException(
                    $"The BTF lists the variable '{name}', which has no symbol in the object: BTF and symbols do not belong together.",
                    section.Name, null, BpfDiagnosticId.DataSectionWithoutSymbol);
            }

            // libbpf's linker (6.12) fills in the offsets, but leaves that of a weak definition that was overridden, and 0 for what
            // was extern first. The symbol is right.
            if ((isOpen || symbol.SectionIndex == index) && variables[i].Offset != (uint)symbol.Value)
            {
                variables[i] = variables[i] with { Offset = (uint)symbol.Value };
                isChanged = true;
            }

            // So that the verifier takes its value for known, and does not expose it: it is for this file only.
            if (symbol.IsHidden) context.EditBtf().SetLinkage(variable.Id, BtfLinkage.Static);
        }

        if (!isChanged && IsSorted(variables)) return;
        variables = [.. variables.OrderBy(variable => variable.Offset)];
        for (int i = 0; i < variables.Length; i++) context.EditBtf().SetSectionVariable(section.Id, i, variables[i]);
    }

    private static uint SizeOfSection(ObjectContext context, BtfType section)
    {
        string name = context.Text(section.NameUtf8);
        int index = context.SectionsByName.GetValueOrDefault(name, -1);
        ulong size = index < 0 ? 0 : context.Elf.Sections[index].Size;
        if (size is > 0 and <= uint.MaxValue) return (uint)size;
        throw new BpfFormatException(
            $"The BTF describes the section '{name}', which {(index < 0 ? "the object does not have" : size == 0 ? "is empty" : "is too large")}: BTF and sections do not belong together.",
            name, null, BpfDiagnosticId.DataSectionMissing);
    }

    private static bool IsSorted(BtfSectionVariable[] variables)
    {
        for (int i = 1; i < variables.Length; i++)
        {
            if (variables[i].Offset < variables[i - 1].Offset) return false;
        }

        return true;
    }

    private static Dictionary<string, ElfSymbol> GlobalVariables(ObjectContext context)
    {
        var symbols = new Dictionary<string, ElfSymbol>(StringComparer.Ordinal);
        foreach (ElfSymbol symbol in context.Symbols)
        {
            if (symbol.Type == ElfSymbolType.Object && symbol.Binding is ElfSymbolBinding.Global or ElfSymbolBinding.Weak)
                symbols.TryAdd(context.Text(symbol.NameUtf8), symbol);
        }

        return symbols;
    }
}
