using System;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

/// <summary>A map of a light object before it is created, and what of it can still be changed.</summary>
public sealed class BpfLightMap
{
    private readonly BpfMapDefinition _map;

    internal BpfLightMap(BpfMapDefinition map) => _map = map;

    /// <summary>The name: of the variable; for data sections the name in the kernel, or that of the section when it is a custom one.</summary>
    public string Name => _map.Name;

    /// <summary>The section that the map comes from.</summary>
    public string SectionName => _map.SectionName;

    /// <summary>Another name that a map of variables is found by.</summary>
    internal string? Section => _map.IsInternal ? _map.SectionName : null;

    /// <summary>The type.</summary>
    public BpfMapType Type => _map.Type;

    /// <summary>The size of a key in bytes.</summary>
    public uint KeySize => _map.KeySize;

    /// <summary>The size of a value in bytes.</summary>
    public uint ValueSize => _map.ValueSize;

    /// <summary>The number of entries; for ring buffers the size in bytes, which is rounded up to a power of two of whole pages.</summary>
    /// <remarks>That of a signed object cannot be changed: it is refused at the load.</remarks>
    public uint MaxEntries
    {
        get => _map.MaxEntries;
        set => _map.MaxEntries = value;
    }

    /// <summary>The variables of a data section as programs will find them; empty for other maps.</summary>
    /// <remarks>Constants of a signed object cannot be changed: it is refused at the load.</remarks>
    public Memory<byte> InitialValue => _map.InitialValue;

    /// <summary>Name and type.</summary>
    public override string ToString() => $"{Name} ({Type})";
}
