using System;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>What follows from the type of a map, and what its sizes and flags must be: known on any machine.</summary>
public static class BpfMapRules
{
    /// <summary>Fills in the sizes that were left out and follow from the type, those of the inner map too.</summary>
    /// <param name="definition">The map.</param>
    /// <param name="cpuCount">The CPUs of the machine that it is for: an array of perf events has an entry for each.</param>
    public static void Complete(BpfMapDefinition definition, int cpuCount)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Complete(definition, () => cpuCount);
    }

    // What counts the CPUs may fail: where /sys is hidden, maps that have no entry for each are made all the same.
    internal static void Complete(BpfMapDefinition definition, Func<int> countCpus)
    {
        if (definition.MaxEntries == 0) definition.MaxEntries = MapSizes.Entries(definition.Type, countCpus);
        if (definition.KeySize == 0) definition.KeySize = MapSizes.Key(definition.Type);
        if (definition.ValueSize == 0) definition.ValueSize = MapSizes.Value(definition.Type);
        if (definition.InnerMap is not null) Complete(definition.InnerMap, countCpus);
    }

    /// <summary>Says what of a map no kernel takes: its sizes, or flags that go not together or not with its type.</summary>
    /// <returns>A sentence; null when the map keeps the rules.</returns>
    public static string? FindBroken(BpfMapDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return MapRules.FindBroken(new MapQuestion(definition.Type, definition.KeySize, definition.ValueSize, definition.MaxEntries, definition.Flags, definition.MapExtra));
    }
}
