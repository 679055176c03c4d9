using System.Runtime.InteropServices;

namespace Bpf.Loader.Testing.Execution;

/// <summary>An instruction as the interpreter takes it: 16 bytes, at the same index as the instruction that it is made from.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct DecodedInstruction
{
    /// <summary>What to do.</summary>
    public Operation Operation;

    /// <summary>The register to write.</summary>
    public byte Destination;

    /// <summary>The register to read.</summary>
    public byte Source;

    /// <summary>For jumps and calls the instruction to go to; for accesses to the stack and stores of a constant the offset.</summary>
    public int Target;

    /// <summary>The constant; for accesses through a register the offset.</summary>
    public long Immediate;
}
