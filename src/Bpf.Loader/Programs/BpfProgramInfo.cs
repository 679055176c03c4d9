using System;
using System.Collections.Generic;

namespace Bpf.Loader;

/// <summary>What the kernel tells of a loaded program.</summary>
public sealed record BpfProgramInfo
{
    /// <summary>The program's number on this system.</summary>
    public required uint Id { get; init; }

    /// <summary>The type.</summary>
    public required BpfProgramType Type { get; init; }

    /// <summary>The name, at most 15 bytes; empty before Linux 4.15.</summary>
    public required string Name { get; init; }

    /// <summary>The hash of the instructions, 16 hex digits: equal programs have equal tags.</summary>
    public required string Tag { get; init; }

    /// <summary>The size of the instructions after verification, in bytes; 0 when the caller may not see them.</summary>
    public required uint XlatedLength { get; init; }

    /// <summary>The size of the machine code in bytes; 0 when the program is interpreted.</summary>
    public required uint JitedLength { get; init; }

    /// <summary>How many instructions the verifier walked through (Linux 5.16); 0 on older kernels.</summary>
    public required uint VerifiedInstructions { get; init; }

    /// <summary>When the program was loaded, since boot.</summary>
    public required TimeSpan LoadTime { get; init; }

    /// <summary>The user who loaded it.</summary>
    public required uint UserId { get; init; }

    /// <summary>The number of the program's BTF; 0 when it has none.</summary>
    public required uint BtfId { get; init; }

    /// <summary>The network device that the program runs in; 0 for the host, also where it is bound to a device.</summary>
    public required uint InterfaceIndex { get; init; }

    /// <summary>The numbers of the maps that the program uses or that are bound to it.</summary>
    public required IReadOnlyList<uint> MapIds { get; init; }

    /// <summary>How long the program has run in all; counted only while statistics are enabled.</summary>
    public required TimeSpan RunTime { get; init; }

    /// <summary>How often the program has run; counted only while statistics are enabled.</summary>
    public required ulong RunCount { get; init; }

    /// <summary>How often the program did not run because it was running already on that CPU (Linux 5.12).</summary>
    public required ulong RecursionMisses { get; init; }

    /// <summary>True when the license lets the program use helpers for GPL programs.</summary>
    public required bool IsGplCompatible { get; init; }

    /// <summary>The type that the program attaches to, in the BTF <see cref="AttachBtfObjectId"/>; 0 when it needs none.</summary>
    public required uint AttachBtfId { get; init; }

    /// <summary>The number of the BTF that <see cref="AttachBtfId"/> is in.</summary>
    public required uint AttachBtfObjectId { get; init; }
}
