using System;
using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader;

/// <summary>What the kernel made of a program.</summary>
public sealed record BpfProgramCode
{
    /// <summary>The instructions after verification; empty where the kernel hides them.</summary>
    public required ReadOnlyMemory<BpfInstruction> Instructions { get; init; }

    /// <summary>The machine code of all functions, one behind the other; empty where the program is interpreted or the kernel hides it.</summary>
    public required ReadOnlyMemory<byte> MachineCode { get; init; }

    /// <summary>The functions: the program and its sub-programs.</summary>
    public required IReadOnlyList<BpfProgramFunction> Functions { get; init; }

    /// <summary>The source lines, in the order of the instructions; empty when the program was loaded without.</summary>
    public required IReadOnlyList<BpfProgramLine> Lines { get; init; }
}
