using Bpf.Loader;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Skeletons;

/// <summary>The variables of a section.</summary>
/// <param name="Map">Their map.</param>
/// <param name="Property">The property that gives them.</param>
/// <param name="Key">The name by which their map is found.</param>
/// <param name="Type">The struct of the variables.</param>
internal sealed record SectionModel(BpfMapDefinition Map, string Property, string Key, StructDefinition Type)
{
    /// <summary>True when programs and users only read them.</summary>
    public bool IsReadOnly => Map.Kind is BpfMapKind.ReadOnlyData or BpfMapKind.KernelConfig;

    /// <summary>True when they have values before the load.</summary>
    public bool IsDescribed => Map.Kind != BpfMapKind.KernelConfig;

    /// <summary>True when they are seen in place after the load.</summary>
    public bool IsMapped => Map.IsInternal || IsArena;

    /// <summary>True when they live in an arena.</summary>
    public bool IsArena => Map.Type == BpfMapType.Arena;
}
