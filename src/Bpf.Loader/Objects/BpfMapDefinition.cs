using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>A map of an object file, before it is created: its definition, and what the caller changes of it.</summary>
public sealed partial class BpfMapDefinition
{
    private uint _maxEntries;

    internal BpfMapDefinition(string name, BpfMapKind kind)
    {
        Name = name;
        KernelName = name.Length > MaximumKernelName ? name[..MaximumKernelName] : name;
        Kind = kind;
    }

    /// <summary>The name: of the variable; for data sections the name in the kernel, or that of the section when it is a custom one.</summary>
    public string Name { get; }

    /// <summary>The name that the kernel is told: at most 15 bytes.</summary>
    public string KernelName { get; internal init; }

    /// <summary>The section that the map comes from.</summary>
    public string SectionName { get; internal init; } = "";

    /// <summary>Where the map comes from.</summary>
    public BpfMapKind Kind { get; }

    /// <summary>True for maps that hold the variables of a section or the kernel's configuration.</summary>
    public bool IsInternal => Kind is not (BpfMapKind.User or BpfMapKind.StructOps);

    /// <summary>The type.</summary>
    public BpfMapType Type { get; set; }

    /// <summary>The size of a key in bytes.</summary>
    public uint KeySize { get; set; }

    /// <summary>
    /// The number of entries. For ring buffers it is the size in bytes, and is rounded up to a power of two of whole pages.
    /// </summary>
    public uint MaxEntries
    {
        get => _maxEntries;
        set => _maxEntries = Type is BpfMapType.RingBuf or BpfMapType.UserRingBuf ? RingSize.Round(value) : value;
    }

    /// <summary>The flags.</summary>
    public BpfMapFlags Flags { get; set; }

    /// <summary>A number whose meaning depends on the type, such as the hash functions of a bloom filter (Linux 5.16).</summary>
    public ulong MapExtra { get; set; }

    /// <summary>The NUMA node, which counts when <see cref="Flags"/> has <see cref="BpfMapFlags.NumaNode"/>.</summary>
    public uint NumaNode { get; set; }

    /// <summary>The network device that the map is offloaded to; 0 for none.</summary>
    public uint InterfaceIndex { get; set; }

    /// <summary>
    /// The name of the only program that may use the map, or null for all: the kernel keeps its hash, and its verifier refuses any other
    /// (Linux 6.18).
    /// </summary>
    public string? ExclusiveProgram { get; set; }

    /// <summary>How the definition asks for pinning.</summary>
    public BpfPinning Pinning { get; internal set; }

    /// <summary>The path on the BPF file system where the map is found, or pinned when it is not there yet; null for none.</summary>
    public string? PinPath
    {
        get => _pinPath;
        set => (_pinPath, IsPinPathOfName) = (value, false);
    }

    /// <summary>For maps of maps: what the inner maps are like; null when that is not defined here.</summary>
    public BpfMapDefinition? InnerMap { get; set; }

    /// <summary>True when the map is created with its object; the default but for struct_ops sections that begin with <c>?</c>.</summary>
    public bool AutoCreate { get; set; } = true;

    /// <summary>True when <c>AttachAll</c> attaches the map, which counts for struct_ops maps only; the default.</summary>
    public bool AutoAttach { get; set; } = true;

    /// <summary>The type of the key in the object's BTF; void when unknown.</summary>
    public BtfTypeId BtfKeyTypeId { get; internal set; }

    /// <summary>The type of the value in the object's BTF, for data sections the section itself; void when unknown.</summary>
    public BtfTypeId BtfValueTypeId { get; internal set; }

    /// <summary>The initial values of a map of maps or a program array.</summary>
    public IReadOnlyList<BpfMapSlot> InitialSlots { get; internal set; } = [];

    /// <summary>For struct_ops maps, the structure and its members; else null.</summary>
    public StructOpsDefinition? StructOps { get; internal set; }

    /// <summary>A copy of all that can be changed; slots and callbacks still name what they named.</summary>
    internal BpfMapDefinition Clone() => new(Name, Kind)
    {
        KernelName = KernelName,
        SectionName = SectionName,
        SectionIndex = SectionIndex,
        SectionOffset = SectionOffset,
        Type = Type,
        KeySize = KeySize,
        _valueSize = _valueSize,
        _maxEntries = _maxEntries,
        Flags = Flags,
        MapExtra = MapExtra,
        NumaNode = NumaNode,
        InterfaceIndex = InterfaceIndex,
        ExclusiveProgram = ExclusiveProgram,
        Pinning = Pinning,
        _pinPath = _pinPath,
        IsPinPathOfName = IsPinPathOfName,
        InnerMap = InnerMap?.Clone(),
        AutoCreate = AutoCreate,
        AutoAttach = AutoAttach,
        BtfKeyTypeId = BtfKeyTypeId,
        BtfValueTypeId = BtfValueTypeId,
        InitialSlots = InitialSlots,
        StructOps = StructOps,
        _initialValue = _initialValue?.AsSpan().ToArray(),
        _initialSize = _initialSize,
    };

    /// <summary>Name and type.</summary>
    public override string ToString() => $"{Name} ({Type})";
}
