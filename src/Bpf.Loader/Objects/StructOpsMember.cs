using System;

namespace Bpf.Loader.Objects;

/// <summary>A member of the structure of a struct_ops map.</summary>
public sealed class StructOpsMember
{
    internal StructOpsMember(int index, string name, uint bitOffset, bool isCallback)
    {
        Index = index;
        Name = name;
        BitOffset = bitOffset;
        IsCallback = isCallback;
    }

    /// <summary>Its number in the structure.</summary>
    public int Index { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Where it begins, in bits from the start of the structure.</summary>
    public uint BitOffset { get; }

    /// <summary>True for a pointer to a function, which takes a program.</summary>
    public bool IsCallback { get; }

    /// <summary>The program that is the callback; null for none. It may be replaced or taken away before the load.</summary>
    public BpfProgramDefinition? Program { get; set; }

    /// <summary>The program that the file names.</summary>
    internal BpfProgramDefinition? DeclaredProgram { get; set; }

    internal StructOpsMember Clone(Func<BpfProgramDefinition?, BpfProgramDefinition?> programOf) =>
        new(Index, Name, BitOffset, IsCallback) { Program = programOf(Program), DeclaredProgram = programOf(DeclaredProgram) };
}
