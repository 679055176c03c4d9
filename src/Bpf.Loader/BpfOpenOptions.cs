using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>How an object file is understood.</summary>
public sealed record BpfOpenOptions
{
    internal static BpfOpenOptions Default { get; } = new();

    /// <summary>The name of the object; by default the file name up to its first dot. It appears in the names of data maps.</summary>
    public string? ObjectName { get; init; }

    /// <summary>True to ignore fields of map definitions that are not known, instead of refusing the file.</summary>
    public bool RelaxedMaps { get; init; }

    /// <summary>True to take any section that begins with a known name for it (<c>xdp_drop</c> for <c>xdp</c>), as libbpf before 1.0 did.</summary>
    public bool RelaxedSectionNames { get; init; }

    /// <summary>The directory on the BPF file system below which maps are pinned by name.</summary>
    public string PinRootPath { get; init; } = "/sys/fs/bpf";

    /// <summary>Section names of the caller's own; they go before those of <see cref="SectionTable"/>.</summary>
    public IReadOnlyList<SectionDefinition> Sections { get; init; } = [];

    /// <summary>What sections mean that nothing else matches; null when they mean nothing.</summary>
    public SectionDefinition? FallbackSection { get; init; }
}
