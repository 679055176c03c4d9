using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>Reads the initial values of maps of maps and program arrays: pointers in <c>.maps</c>.</summary>
internal static class MapSlotReader
{
    private const int PointerSize = 8;

    public static void Read(ObjectContext context, ElfSection relocations)
    {
        int section = (int)relocations.Info;
        if (!context.TryFindDataSection(".maps", out BtfType description)) return;
        BpfMapDefinition[] maps = [.. context.Maps.Where(map => map.SectionIndex == section && map.Kind == BpfMapKind.User)];
        var slots = new SortedDictionary<uint, BpfMapSlot>?[maps.Length];
        var targets = new Targets(context, maps);
        foreach (ElfRelocation relocation in context.Elf.GetRelocations(relocations))
        {
            int at = FindMap(description.Variables, relocation.Offset);
            if (at < 0) throw context.Fail(BpfDiagnosticId.SlotOutOfRange, "An initial value belongs to no map definition.", section, (long)relocation.Offset);
            BpfMapDefinition map = maps[at];
            uint slot = SlotOf(context, map, description.Variables[at], section, relocation.Offset);
            (slots[at] ??= [])[slot] = Target(context, targets, map, slot, section, relocation);
        }

        for (int i = 0; i < maps.Length; i++)
        {
            if (slots[i] is { } found) maps[i].InitialSlots = [.. found.Values];
        }
    }

    // The variables are sorted by offset, and the maps are in the same order.
    private static int FindMap(BtfSectionVariableCollection variables, ulong offset)
    {
        int low = 0, high = variables.Count - 1, found = -1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (variables[middle].Offset <= offset)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return found >= 0 && offset + PointerSize <= (ulong)variables[found].Offset + variables[found].Size ? found : -1;
    }

    private static uint SlotOf(ObjectContext context, BpfMapDefinition map, BtfSectionVariable place, int section, ulong offset)
    {
        BtfType definition = context.Btf!.StripModifiers(context.Btf[place.TypeId].TypeId);
        BtfMemberCollection members = definition.Members;
        if (members.Count > 0 && members[members.Count - 1] is var last && last.NameUtf8.SequenceEqual("values"u8))
        {
            ulong start = place.Offset + (last.BitOffset / 8);
            if (offset >= start && (offset - start) % PointerSize == 0) return (uint)((offset - start) / PointerSize);
        }

        throw context.Fail(BpfDiagnosticId.SlotOutOfRange, $"An initial value of the map '{map.Name}' is at no element of its field 'values'.", section, (long)offset);
    }

    private static BpfMapSlot Target(ObjectContext context, Targets targets, BpfMapDefinition map, uint slot, int section, ElfRelocation relocation)
    {
        ElfSymbol symbol = RelocationReader.Symbol(context, section, relocation);
        string name = RelocationReader.NameOf(context, symbol);
        switch (map.Type)
        {
            case BpfMapType.ProgArray:
                return targets.Programs.TryGetValue(name, out BpfProgramDefinition? program)
                    && program.Function.SectionIndex == symbol.SectionIndex && (ulong)program.Function.FirstInstruction * BpfInstruction.Size == symbol.Value
                    ? new BpfMapSlot(slot, null, program)
                    : throw Bad($"should be a program, but '{name}' is no entry point");

            case BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps:
                if (map.Type == BpfMapType.HashOfMaps && map.KeySize != sizeof(uint)) throw Bad($"needs keys of 4 bytes, and the map has keys of {map.KeySize}");
                return symbol.SectionIndex == section && targets.Maps.TryGetValue(name, out BpfMapDefinition? inner)
                    ? new BpfMapSlot(slot, inner, null)
                    : throw Bad($"should be a map in .maps, which '{name}' is not");

            default:
                throw Bad("is given, which maps of this type cannot have");
        }

        BpfFormatException Bad(string what) =>
            context.Fail(BpfDiagnosticId.SlotTarget, $"Initial value {slot} of the map '{map.Name}' ({map.Type}) {what}.", section, (long)relocation.Offset);
    }

    /// <summary>What slots can hold, by name; of several with a name the first, as with libbpf.</summary>
    private sealed class Targets
    {
        public Targets(ObjectContext context, BpfMapDefinition[] maps)
        {
            foreach (BpfProgramDefinition program in context.Programs) Programs.TryAdd(program.Name, program);
            foreach (BpfMapDefinition map in maps) Maps.TryAdd(map.Name, map);
        }

        public Dictionary<string, BpfProgramDefinition> Programs { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, BpfMapDefinition> Maps { get; } = new(StringComparer.Ordinal);
    }
}
