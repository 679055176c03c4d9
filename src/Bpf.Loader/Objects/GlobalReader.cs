using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Finds the global variables in the maps that hold them: by BTF, else by symbols.</summary>
internal static class GlobalReader
{
    public static void Read(ObjectContext context)
    {
        foreach (BpfMapDefinition map in context.Maps)
        {
            if (map.Kind is BpfMapKind.Data or BpfMapKind.ReadOnlyData or BpfMapKind.Bss) Read(context, map, map.SectionName, map.SectionIndex, map.ValueSize);
        }

        int arena = Array.IndexOf(context.Roles, SectionRole.ArenaData);
        if (arena >= 0) Read(context, context.Arena!, context.SectionNames[arena], arena, (uint)context.Arena!.InitialValue.Length);
    }

    private static void Read(ObjectContext context, BpfMapDefinition map, string section, int index, uint size)
    {
        if (context.TryFindDataSection(section, out BtfType description))
        {
            foreach (BtfSectionVariable place in description.Variables)
            {
                BtfType variable = context.Btf![place.TypeId];
                if (variable.Kind == BtfKind.Variable && variable.Linkage != BtfLinkage.Extern)
                    Add(context, map, context.Text(variable.NameUtf8), place.Offset, place.Size, variable.TypeId, variable.Linkage == BtfLinkage.Static, size);
            }

            return;
        }

        var found = new List<ElfSymbol>();
        foreach (ElfSymbol symbol in context.SymbolsOf(index))
        {
            if (symbol.Type == ElfSymbolType.Object && symbol.Size > 0) found.Add(symbol);
        }

        found.Sort((a, b) => (a.Value, a.Index).CompareTo((b.Value, b.Index)));
        foreach (ElfSymbol symbol in found)
            Add(context, map, context.Text(symbol.NameUtf8), symbol.Value, symbol.Size, BtfTypeId.Void, symbol.Binding == ElfSymbolBinding.Local, size);
    }

    private static void Add(ObjectContext context, BpfMapDefinition map, string name, ulong offset, ulong size, BtfTypeId type, bool isStatic, uint available)
    {
        if (offset <= available && size <= available - offset)
        {
            context.Globals.Add(new BpfGlobal(name, map, (uint)offset, (uint)size, type, isStatic));
            return;
        }

        context.Note(
            BpfDiagnosticId.VariableOutOfRange, BpfSeverity.Warning, $"The variable '{name}' ({size} bytes) lies outside of its section of {available} bytes, and cannot be used.",
            map.SectionIndex, name, (long)offset);
    }
}
