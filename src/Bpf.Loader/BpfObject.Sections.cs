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
}
