using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader;

/// <summary>What a program that no object file describes shall be; see <see cref="BpfProgram.Load"/>.</summary>
[SupportedOSPlatform("linux")]
public sealed record BpfProgramLoadOptions
{
    /// <summary>The type.</summary>
    public required BpfProgramType Type { get; init; }

    /// <summary>The code, in this machine's byte order, as <see cref="BpfAssembler.ToArray"/> gives it.</summary>
    public required ReadOnlyMemory<BpfInstruction> Instructions { get; init; }

    /// <summary>The name; the kernel keeps 15 bytes, and takes an underscore for what is no letter, digit, <c>_</c> or <c>.</c> (4.15).</summary>
    public string Name { get; init; } = "";

    /// <summary>The license; the default, none, is not GPL-compatible, and the program may call no helper that asks for that.</summary>
    public string License { get; init; } = "";

    /// <summary>The attach type that the program is for; 0 where its type needs none.</summary>
    public BpfAttachType ExpectedAttachType { get; init; }

    /// <summary>Flags.</summary>
    public BpfProgramFlags Flags { get; init; }

    /// <summary>
    /// The maps that the code refers to by their index here, with <see cref="BpfAssembler.LoadMapAt"/> and <see cref="BpfAssembler.LoadMapValueAt"/>;
    /// the program keeps them alive. This works on all kernels: they are told the maps themselves.
    /// </summary>
    public IReadOnlyList<BpfMap> Maps { get; init; } = [];

    /// <summary>What the program attaches to, in the kernel's types (<see cref="BpfBtf.Kernel"/>) or in those of <see cref="AttachProgram"/>; void for nothing.</summary>
    public BtfTypeId AttachTypeId { get; init; }

    /// <summary>The program that the function <see cref="AttachTypeId"/> is of; null for one of the kernel.</summary>
    public BpfProgram? AttachProgram { get; init; }

    /// <summary>The network device that the program is for, by its index; 0 for none.</summary>
    public uint InterfaceIndex { get; init; }
}
