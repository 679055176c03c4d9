using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>
/// An instruction of a relocated program that stands for something outside of it, of which only a kernel, or whoever runs the program
/// without one, knows the number or address.
/// </summary>
public sealed record BpfReference
{
    /// <summary>The index of the instruction; of the first half for a 64-bit load.</summary>
    public required int Instruction { get; init; }

    /// <summary>What it refers to.</summary>
    public required BpfReferenceKind Kind { get; init; }

    /// <summary>The map; null for symbols, functions and jump tables, and for configuration.</summary>
    public BpfMapDefinition? Map { get; init; }

    /// <summary>The extern, for configuration, symbols and functions; else null.</summary>
    public BpfExternDefinition? Extern { get; init; }

    /// <summary>The offset of the address in the value of the map, in bytes; 0 for what is no value.</summary>
    public uint Offset { get; init; }

    /// <summary>For a jump table, the instructions that it leads to, by index in the table; else empty.</summary>
    public IReadOnlyList<int> Targets { get; init; } = [];
}
