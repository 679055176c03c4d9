using System;
using System.Collections.Generic;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public sealed partial class BpfObject
{
    /// <summary>The variables of a section, in place. They are mapped once, and let go with the object.</summary>
    /// <param name="name">The section, such as <c>.bss</c>, or the map of its variables.</param>
    /// <returns>The variables; not to be disposed by the caller.</returns>
    /// <exception cref="KeyNotFoundException">The object has no variables there.</exception>
    /// <exception cref="InvalidOperationException">The section cannot be mapped: all its variables are static, or the map is another's.</exception>
    /// <remarks>Linux 5.5.</remarks>
    public MappedGlobals GetSection(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return File.Maps.TryGet(name, out BpfMapDefinition? definition) && _sections.TryGetValue(definition, out Lazy<MappedGlobals>? section)
            ? section.Value
            : throw new KeyNotFoundException($"{Name} has no variables in '{name}'; there are: {string.Join(", ", Names())}.");

        IEnumerable<string> Names()
        {
            foreach (BpfMapDefinition known in _sections.Keys) yield return known.SectionName;
        }
    }

    /// <summary>An arena, in place, with the variables that live in it. It is mapped once, and let go with the object.</summary>
    /// <param name="name">The map.</param>
    /// <returns>The memory; not to be disposed by the caller.</returns>
    /// <exception cref="KeyNotFoundException">The object has no arena of that name.</exception>
    /// <exception cref="BpfException">The kernel refused, or the arena's address is not free in this process.</exception>
    /// <remarks>Linux 6.9.</remarks>
    public MappedArena GetArena(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return File.Maps.TryGet(name, out BpfMapDefinition? definition) && _arenas.TryGetValue(definition, out Lazy<MappedArena>? arena)
            ? arena.Value
            : throw new KeyNotFoundException($"{Name} has no arena '{name}'.");
    }
}
