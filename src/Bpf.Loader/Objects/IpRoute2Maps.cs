using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Bpf.Loader.Objects;

/// <summary>
/// What iproute2 (tc, ip) makes of the fields that only its map definitions have: pinning scopes, inner maps by number, and tail
/// calls by section name (<c>ID/SLOT</c>).
/// </summary>
internal static class IpRoute2Maps
{
    private const uint PinByObject = 1;
    private const uint PinGlobally = 2;

    public static void Pin(ObjectContext context, BpfMapDefinition map, uint pinning)
    {
        switch (pinning)
        {
            case 0:
                return;
            case PinByObject:
                map.Pinning = BpfPinning.ByObject;
                map.PinByName($"{context.Options.PinRootPath}/tc/{context.ImageHash}");
                return;
            case PinGlobally:
                map.Pinning = BpfPinning.Global;
                map.PinByName($"{context.Options.PinRootPath}/tc/globals");
                return;
            default:
                // A scope of the administrator's own, from /etc/iproute2/bpf_pinning, which is not read here.
                context.Note(
                    BpfDiagnosticId.MapFieldIgnored, BpfSeverity.Warning,
                    $"The map '{map.Name}' asks for the pinning scope {pinning}, which only iproute2's own configuration names: it is not pinned.", map.SectionIndex, map.Name, cure: "Set its PinPath before the load.");
                return;
        }
    }

    /// <summary>Gives maps of maps their inner maps: those with the number that they ask for, at the keys that those ask for.</summary>
    public static void Connect(ObjectContext context, List<LegacyMapLink> links)
    {
        Dictionary<uint, List<LegacyMapLink>> byId = links.Where(link => link.Id != 0).GroupBy(link => link.Id).ToDictionary(group => group.Key, group => group.ToList());
        var slots = new Dictionary<uint, BpfMapSlot[]>();
        foreach (LegacyMapLink outer in links)
        {
            if (outer.Id != 0) context.MapsById.TryAdd(outer.Id, outer.Map);
            if (outer.InnerId == 0 || outer.Map.Type is not (BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps)) continue;
            if (!byId.TryGetValue(outer.InnerId, out List<LegacyMapLink>? inner) || inner.Find(link => !ReferenceEquals(link, outer)) is not LegacyMapLink like)
            {
                throw context.Fail(
                    BpfDiagnosticId.LegacyMapInner, $"The map '{outer.Map.Name}' has inner maps like the one with id {outer.InnerId}, and no map has that id.",
                    outer.Map.SectionIndex, (long)outer.Map.SectionOffset);
            }

            outer.Map.InnerMap = like.Map.Clone();
            if (!slots.TryGetValue(outer.InnerId, out BpfMapSlot[]? filled))
            {
                // Of several maps that ask for one key, the last one gets it.
                var byIndex = new SortedDictionary<int, BpfMapDefinition>();
                foreach (LegacyMapLink link in inner)
                {
                    if (link is { InnerId: 0, InnerIndex: >= 0 }) byIndex[link.InnerIndex.Value] = link.Map;
                }

                slots.Add(outer.InnerId, filled = [.. byIndex.Select(entry => new BpfMapSlot((uint)entry.Key, entry.Value, null))]);
            }

            outer.Map.InitialSlots = filled;
        }
    }

    /// <summary>Enters programs into program arrays by the names of their sections: <c>7/1</c> is slot 1 of the map with id 7.</summary>
    public static void AddTailCalls(ObjectContext context)
    {
        if (context.MapsById.Count == 0) return;
        var slots = new Dictionary<BpfMapDefinition, List<BpfMapSlot>>();
        foreach (BpfProgramDefinition program in context.Programs)
        {
            if (program.SectionDefinition is not null || !TryParse(program.SectionName, out uint id, out uint slot)) continue;
            if (!context.MapsById.TryGetValue(id, out BpfMapDefinition? map) || map.Type != BpfMapType.ProgArray) continue;
            if (!slots.TryGetValue(map, out List<BpfMapSlot>? list)) slots.Add(map, list = []);
            list.Add(new BpfMapSlot(slot, null, program));
        }

        foreach ((BpfMapDefinition map, List<BpfMapSlot> list) in slots)
        {
            map.InitialSlots = [.. list.OrderBy(slot => slot.Index)];
            TakeTypeOfCallers(context, map, list);
        }
    }

    // Programs of one array must be of one type. Which, their section names do not say; those that call them do.
    private static void TakeTypeOfCallers(ObjectContext context, BpfMapDefinition map, List<BpfMapSlot> slots)
    {
        BpfProgramDefinition? caller =
            context.Programs.Find(program => program.Type != BpfProgramType.Unspecified && program.Function.Relocations.Any(relocation => ReferenceEquals(relocation.Map, map)))
            ?? OnlyKind(context);
        if (caller is null) return;
        foreach (BpfMapSlot slot in slots)
        {
            slot.Program!.Type = caller.Type;
            slot.Program.ExpectedAttachType = caller.ExpectedAttachType;
        }
    }

    private static BpfProgramDefinition? OnlyKind(ObjectContext context)
    {
        List<BpfProgramDefinition> known = [.. context.Programs.Where(program => program.Type != BpfProgramType.Unspecified)];
        return known.Count > 0 && known.TrueForAll(program => program.Type == known[0].Type) ? known[0] : null;
    }

    // As sscanf("%i/%i") reads it: decimal, or hexadecimal with 0x.
    private static bool TryParse(string section, out uint id, out uint slot)
    {
        slot = id = 0;
        string[] parts = section.Split('/');
        return parts.Length == 2 && TryParseNumber(parts[0], out id) && TryParseNumber(parts[1], out slot);
    }

    private static bool TryParseNumber(string text, out uint number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
