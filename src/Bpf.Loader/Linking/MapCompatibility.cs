using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Linking;

/// <summary>Compares map definitions: an extern one must be complete, and say what the definition says.</summary>
internal static class MapCompatibility
{
    public static void Check(GlobalSymbol global, LinkInput input, BtfTypeId id)
    {
        BpfMapDefinition ours = Parse(global.Name, global.Input, global.InputTypeId), theirs = Parse(global.Name, input, id);
        if (Difference(ours, global.Input.Btf!, theirs, input) is string difference)
            throw input.Fail(BpfDiagnosticId.LinkMaps, $"The map '{global.Name}' is not what {global.Input.Name} says that it is: {difference}. Declarations and definitions of a map must agree in everything.", ".maps");
    }

    private static BpfMapDefinition Parse(string name, LinkInput input, BtfTypeId id)
    {
        BtfReader btf = input.Btf!;
        BtfType definition = btf[id].Kind == BtfKind.Variable ? btf.StripModifiers(btf[id].TypeId) : default;
        if (btf[id].Kind != BtfKind.Variable || definition.Kind != BtfKind.Struct)
            throw input.Fail(BpfDiagnosticId.MapNotStruct, $"The map '{name}' is {btf[id]}, and is not defined by a struct.", ".maps");
        return new MapDefinitionParser(input.Context, input.Find(".maps")?.Index ?? 0, 0).Parse(name, definition);
    }

    private static string? Difference(BpfMapDefinition ours, BtfReader ourTypes, BpfMapDefinition theirs, LinkInput input)
    {
        if (ours.Type != theirs.Type) return Say("type", ours.Type, theirs.Type);
        if (ours.KeySize != theirs.KeySize) return Say("key_size", ours.KeySize, theirs.KeySize);
        if (Differ(ours.BtfKeyTypeId, theirs.BtfKeyTypeId) is string key) return $"their keys differ: {key}";
        if (ours.ValueSize != theirs.ValueSize) return Say("value_size", ours.ValueSize, theirs.ValueSize);
        if (Differ(ours.BtfValueTypeId, theirs.BtfValueTypeId) is string value) return $"their values differ: {value}";
        if (ours.MaxEntries != theirs.MaxEntries) return Say("max_entries", ours.MaxEntries, theirs.MaxEntries);
        if (ours.Flags != theirs.Flags) return Say("map_flags", ours.Flags, theirs.Flags);
        if (ours.NumaNode != theirs.NumaNode) return Say("numa_node", ours.NumaNode, theirs.NumaNode);
        if (ours.Pinning != theirs.Pinning) return Say("pinning", ours.Pinning, theirs.Pinning);
        if ((ours.InnerMap is null) != (theirs.InnerMap is null)) return "one of the two has inner maps";
        return ours.InnerMap is null ? null : Difference(ours.InnerMap, ourTypes, theirs.InnerMap!, input) is string inner ? $"in the inner map, {inner}" : null;

        string? Differ(BtfTypeId one, BtfTypeId other) => one.IsVoid != other.IsVoid
            ? "one of the two has no type for them"
            : one.IsVoid ? null : new TypeCompatibility(ourTypes, input.Btf!, input.Context.Charge).Compare(one, other);
    }

    private static string Say<T>(string field, T ours, T theirs) => $"{field} is {ours} there, and {theirs} here";
}
