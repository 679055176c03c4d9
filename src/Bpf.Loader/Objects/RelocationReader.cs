using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Reads the relocations of code, of maps and of struct_ops structures.</summary>
internal static class RelocationReader
{
    /// <summary>Reads those of code, which tell what is called.</summary>
    public static void ReadCode(ObjectContext context)
    {
        foreach (BpfMapDefinition map in context.Maps)
        {
            if (map.Kind == BpfMapKind.User) context.MapsByPlace.TryAdd((map.SectionIndex, (long)map.SectionOffset), map);
        }

        var code = new Dictionary<BpfFunction, List<CodeRelocation>>();
        foreach (ElfSection section in context.RelocationSections)
        {
            if (context.Roles[(int)section.Info] == SectionRole.Code) CodeRelocationReader.Read(context, section, code);
        }

        CodeRelocationReader.Store(context, code);
    }

    /// <summary>Reads those of maps, structures and variables, which programs and maps are put into.</summary>
    public static void ReadData(ObjectContext context)
    {
        foreach (ElfSection section in context.RelocationSections)
        {
            switch (context.Roles[(int)section.Info])
            {
                case SectionRole.StructOps: StructOpsReader.Relocate(context, section); break;
                case SectionRole.BtfMaps: MapSlotReader.Read(context, section); break;
                case SectionRole.Data or SectionRole.ReadOnlyData or SectionRole.ArenaData: DataPointerReader.Read(context, section); break;
            }
        }
    }

    /// <summary>The symbol of a relocation.</summary>
    public static ElfSymbol Symbol(ObjectContext context, int section, ElfRelocation relocation)
    {
        if ((uint)relocation.SymbolIndex < (uint)context.Symbols.Count) return context.Symbols[relocation.SymbolIndex];
        throw context.Fail(
            BpfDiagnosticId.BadRelocation, $"A relocation refers to symbol {(uint)relocation.SymbolIndex}, and there are {context.Symbols.Count}.", section, (long)relocation.Offset);
    }

    /// <summary>The name of a symbol, or of the section that a section symbol stands for.</summary>
    public static string NameOf(ObjectContext context, ElfSymbol symbol)
    {
        string name = context.Text(symbol.NameUtf8);
        return name.Length == 0 && context.HasSection(symbol.SectionIndex) ? context.SectionNames[symbol.SectionIndex] : name;
    }
}
