using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Skeletons;

/// <summary>A kernel structure of callbacks that an object fills in.</summary>
/// <param name="Map">Its map.</param>
/// <param name="Property">The property that gives it.</param>
/// <param name="Class">The class of its members.</param>
/// <param name="Callbacks">The members that take programs, each with its name in C#.</param>
/// <param name="Values">The struct of the other members; null when there are none.</param>
internal sealed record StructOpsModel(BpfMapDefinition Map, string Property, string Class, IReadOnlyList<(StructOpsMember Member, string Name)> Callbacks, string? Values)
{
    /// <summary>Names what is in a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="properties">The names of the structures.</param>
    /// <param name="classes">The names of classes.</param>
    /// <param name="types">Where the struct of its values is defined.</param>
    public static StructOpsModel Of(BpfMapDefinition map, NameScope properties, NameScope classes, TypeTable types)
    {
        string name = CSharpNames.Pascal(map.Name), own = classes.Give(name + "Ops", "Structure");
        var members = new NameScope(own, "Map", "Values");
        return new StructOpsModel(
            map,
            properties.Give(name, "Structure"),
            own,
            [.. map.StructOps!.Members.Where(member => member.IsCallback).Select(member => (member, members.Give(CSharpNames.Pascal(member.Name), "Callback")))],
            types.DefineValues(map.StructOps.TypeId, name + "Values", $"What <c>{CSharpNames.Xml(map.StructOps.TypeName)}</c> holds besides pointers."));
    }
}
