using System;

namespace Bpf.Loader.Objects;

/// <summary>A program of an object file, before it is loaded: what its section name says, and what the caller changes of it.</summary>
public sealed partial class BpfProgramDefinition
{
    private BpfProgramType _type;

    internal BpfProgramDefinition(BpfFunction function, string sectionName, SectionDefinition? section, bool autoLoad)
    {
        Function = function;
        SectionName = sectionName;
        SectionDefinition = section;
        AutoLoad = autoLoad;
        _type = section?.ProgramType ?? BpfProgramType.Unspecified;
        ExpectedAttachType = section?.AttachType ?? 0;

        int slash = sectionName.IndexOf('/', StringComparison.Ordinal);
        if (section is { Match: not SectionMatch.Exact } && slash >= 0) AttachTarget = sectionName[(slash + 1)..];
    }

    private BpfProgramDefinition(BpfProgramDefinition other, BpfFunction function)
    {
        Function = function;
        SectionName = other.SectionName;
        SectionDefinition = other.SectionDefinition;
        AutoLoad = other.AutoLoad;
        AutoAttach = other.AutoAttach;
        _type = other._type;
        ExpectedAttachType = other.ExpectedAttachType;
        Flags = other.Flags;
        AttachTarget = other.AttachTarget;
        InterfaceIndex = other.InterfaceIndex;
    }

    /// <summary>The name: that of the C function.</summary>
    public string Name => Function.Name;

    /// <summary>The name of its section, without the <c>?</c> that makes it optional.</summary>
    public string SectionName { get; }

    /// <summary>What the section name means; null when it means nothing, or when <see cref="Type"/> was changed.</summary>
    public SectionDefinition? SectionDefinition { get; private set; }

    /// <summary>
    /// The type. Changing it makes the section name mean nothing any more: the program is not attached by itself, unless it was
    /// the caller's fallback that gave the meaning.
    /// </summary>
    public BpfProgramType Type
    {
        get => _type;
        set
        {
            if (_type == value) return;
            _type = value;
            if (!KeepsSection) SectionDefinition = null;
        }
    }

    /// <summary>The attach type that the kernel is told at the load; 0 when there is none.</summary>
    public BpfAttachType ExpectedAttachType { get; set; }

    /// <summary>Flags of the caller's; those that follow from the section name are added at the load.</summary>
    public BpfProgramFlags Flags { get; set; }

    /// <summary>True when the program is loaded with its object; the default but for sections that begin with <c>?</c>.</summary>
    public bool AutoLoad { get; set; }

    /// <summary>True when <c>AttachAll</c> attaches the program; the default.</summary>
    public bool AutoAttach { get; set; } = true;

    /// <summary>What the program attaches to: what follows the first slash of the section name; null when nothing does.</summary>
    public string? AttachTarget { get; set; }

    /// <summary>
    /// The network device that the program is for; 0 for none. With <see cref="BpfProgramFlags.XdpDeviceBoundOnly"/> among
    /// <see cref="Flags"/> an XDP program runs on the host and may ask that device (6.3), without it the program runs in the device itself.
    /// </summary>
    public uint InterfaceIndex { get; set; }

    /// <summary>The number of instructions in the file, before sub-programs are linked to it; a 64-bit load counts as two.</summary>
    public int InstructionCount => Function.Instructions.Length;

    /// <summary>The code.</summary>
    internal BpfFunction Function { get; private set; }

    /// <summary>All flags that the program is loaded with.</summary>
    internal BpfProgramFlags LoadFlags => Flags | (SectionDefinition?.ProgramFlags ?? 0);

    /// <summary>True when the meaning of the section outlives a change of type: it is the caller's fallback.</summary>
    internal bool KeepsSection { get; init; }

    /// <summary>Section and name.</summary>
    public override string ToString() => $"{Name} ({SectionName})";

    internal BpfProgramDefinition Clone(BpfFunction function) => new(this, function) { KeepsSection = KeepsSection };
}
