using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>Tells what pointers in variables should point to.</summary>
internal sealed class DataPointerTarget(ObjectContext context)
{
    private const int LongestText = 32;
    private const string TextCure = "Write the texts into the variable itself, as in 'const char names[][16]'.";
    private const string FunctionCure = "Choose the function by a switch and call it there, or make programs of the functions and a BPF_MAP_TYPE_PROG_ARRAY of the table.";
    private const string MapCure = "Choose the map by a switch, or make a BPF_MAP_TYPE_ARRAY_OF_MAPS of the table.";
    private const string VariableCure = "Choose the variable by a switch, or make one array of the variables and keep the index.";
    private const string ArenaCure = "Set it in a program before its first use.";
    private const string OtherCure = "Take the address in a program, where it is used.";

    private readonly Dictionary<int, List<BpfGlobal>> _variables = [];

    /// <summary>What a relocation of a section of variables refers to.</summary>
    public DataPointer Of(int section, ElfRelocation relocation)
    {
        // Nothing is done with it, so that nothing can go wrong: libbpf opens the object as well.
        if ((uint)relocation.SymbolIndex >= (uint)context.Symbols.Count) return new DataPointer("a symbol that does not exist", OtherCure);
        ElfSymbol symbol = context.Symbols[relocation.SymbolIndex];
        string name = RelocationReader.NameOf(context, symbol);
        int target = symbol.SectionIndex;
        if (target == 0 || !context.HasSection(target)) return new DataPointer($"'{name}', which is not of this object", OtherCure);
        ulong place = symbol.Value + Addend(section, relocation.Offset);
        switch (context.Roles[target])
        {
            case SectionRole.Code:
                BpfFunction? function = place / BpfInstruction.Size > int.MaxValue ? null : FunctionLookup.Find(context.Functions, target, (int)(place / BpfInstruction.Size));
                return new DataPointer($"the function '{function?.Name ?? name}'", FunctionCure);
            case SectionRole.BtfMaps or SectionRole.LegacyMaps:
                return new DataPointer($"the map '{(context.MapsByPlace.TryGetValue((target, (long)place), out BpfMapDefinition? map) ? map.Name : name)}'", MapCure);
            case SectionRole.StructOps:
                return new DataPointer($"the map '{name}'", MapCure);
            case SectionRole.ReadOnlyData when (context.Elf.Sections[target].Flags & ElfSectionFlags.Strings) != 0:
                return new DataPointer($"the text \"{TextAt(target, place)}\"", TextCure);
            case SectionRole.Data or SectionRole.ReadOnlyData or SectionRole.Bss or SectionRole.ArenaData:
                if (!_variables.TryGetValue(target, out List<BpfGlobal>? variables)) _variables.Add(target, variables = VariablesOf(context, target));
                string cure = context.Roles[target] == SectionRole.ArenaData ? ArenaCure : VariableCure;
                // Where an array ends another variable may begin, which is not meant.
                if (symbol is { Type: ElfSymbolType.Object, Size: > 0 } && place == symbol.Value + symbol.Size) return new DataPointer($"the end of the variable '{name}'", cure);
                return FindVariable(variables, place) is BpfGlobal variable
                    ? new DataPointer($"the variable '{VariablePath.Of(context.Btf, variable, (long)place - variable.Offset)}'", cure)
                    : new DataPointer($"what is at {context.SectionNames[target]}+0x{place:x}", cure);
            default:
                return new DataPointer($"'{name}'", OtherCure);
        }
    }

    /// <summary>The variables of a section, by their places.</summary>
    public static List<BpfGlobal> VariablesOf(ObjectContext context, int section)
    {
        BpfMapDefinition? map = context.Roles[section] == SectionRole.ArenaData ? context.Arena : context.DataMaps.GetValueOrDefault(section);
        return [.. context.Globals.Where(variable => ReferenceEquals(variable.Map, map)).OrderBy(variable => variable.Offset)];
    }

    /// <summary>The variable that a place is in; null when it is in none that has a name.</summary>
    public static BpfGlobal? FindVariable(List<BpfGlobal> sorted, ulong offset)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (sorted[middle].Offset <= offset) low = middle + 1;
            else high = middle;
        }

        return low > 0 && offset - sorted[low - 1].Offset < sorted[low - 1].Size ? sorted[low - 1] : null;
    }

    // What is added to the symbol stands where the pointer will not be.
    private ulong Addend(int section, ulong offset)
    {
        ReadOnlySpan<byte> data = context.Elf.Sections[section].Data.Span;
        if (offset > (ulong)data.Length || (ulong)data.Length - offset < sizeof(ulong)) return 0;
        ReadOnlySpan<byte> bytes = data[(int)offset..];
        return context.Elf.IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private string TextAt(int section, ulong offset)
    {
        ReadOnlySpan<byte> data = context.Elf.Sections[section].Data.Span;
        if (offset >= (ulong)data.Length) return "";
        ReadOnlySpan<byte> text = data[(int)offset..];
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        return text.Length <= LongestText ? Encoding.UTF8.GetString(text) : Encoding.UTF8.GetString(text[..LongestText]) + "...";
    }
}
