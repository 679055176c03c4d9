using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>The variables and functions of an object's BTF that other objects may see, and the data sections that list them.</summary>
internal sealed class GlobalDescriptions
{
    private readonly Dictionary<string, BtfTypeId> _free = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (BtfTypeId Section, BtfTypeId Id)> _listed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);

    public GlobalDescriptions(LinkInput input, BtfReader btf)
    {
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            if (IsGlobal(type)) _free[input.Context.Text(type.NameUtf8)] = type.Id;
            if (type.Kind != BtfKind.DataSection) continue;
            foreach (BtfSectionVariable place in type.Variables)
            {
                BtfType listed = btf[place.TypeId];
                if (!IsGlobal(listed)) continue;
                string name = input.Context.Text(listed.NameUtf8);
                if (_free.TryGetValue(name, out BtfTypeId other) && other != listed.Id) _ambiguous.Add(name);
                _listed.TryAdd(name, (type.Id, listed.Id));
            }
        }
    }

    /// <summary>True for a variable or function that is not static.</summary>
    public static bool IsGlobal(BtfType type) => type.Kind is BtfKind.Variable or BtfKind.Function && type.Linkage != BtfLinkage.Static;

    /// <summary>True when several different descriptions go by a name.</summary>
    public bool IsAmbiguous(string name) => _ambiguous.Contains(name);

    /// <summary>Finds what the BTF says of a symbol.</summary>
    /// <param name="name">The name.</param>
    /// <param name="section">The data section that lists it; void when none does.</param>
    /// <param name="id">The variable or function.</param>
    public bool TryFind(string name, out BtfTypeId section, out BtfTypeId id)
    {
        section = default;
        if (!_listed.TryGetValue(name, out (BtfTypeId Section, BtfTypeId Id) listed)) return _free.TryGetValue(name, out id);
        (section, id) = listed;
        return true;
    }
}
