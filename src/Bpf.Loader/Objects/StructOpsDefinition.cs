using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>The kernel structure of callbacks that a struct_ops map fills in.</summary>
public sealed class StructOpsDefinition
{
    internal StructOpsDefinition(string typeName, BtfTypeId typeId, IReadOnlyList<StructOpsMember> members)
    {
        TypeName = typeName;
        TypeId = typeId;
        Members = members;
    }

    /// <summary>The name of the structure, with the flavor that the object gives it.</summary>
    public string TypeName { get; }

    /// <summary>The structure in the object's BTF.</summary>
    public BtfTypeId TypeId { get; }

    /// <summary>Its members, in declaration order. Those that are not callbacks have their value in the map's initial value.</summary>
    public IReadOnlyList<StructOpsMember> Members { get; }

    internal StructOpsDefinition Clone(Func<BpfProgramDefinition?, BpfProgramDefinition?> programOf) =>
        new(TypeName, TypeId, [.. Members.Select(member => member.Clone(programOf))]);
}
