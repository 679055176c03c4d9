using Bpf.Loader.Btf;

namespace Bpf.Loader;

/// <summary>A function of a loaded program.</summary>
/// <param name="Name">Its name in C; empty when the program was loaded without types.</param>
/// <param name="InstructionIndex">Its first instruction, among those after verification; 0 when it is not known.</param>
/// <param name="Tag">The hash of its instructions, 16 hex digits; empty when the kernel does not tell.</param>
/// <param name="Address">Where its machine code is in the kernel; 0 where that is hidden.</param>
/// <param name="MachineCodeLength">The bytes of its machine code.</param>
public sealed record BpfProgramFunction(string Name, int InstructionIndex, string Tag, ulong Address, uint MachineCodeLength)
{
    /// <summary>Its description in the BTF of the program (<see cref="BpfBtf.Open"/> of <see cref="BpfProgramInfo.BtfId"/>); void when there is none.</summary>
    public BtfTypeId TypeId { get; init; }
}
