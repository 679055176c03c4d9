namespace Bpf.Loader.Tests.Testing;

/// <summary>A table of an indirect jump.</summary>
/// <param name="Instruction">The instruction that loads its address.</param>
/// <param name="Targets">The instructions that may be jumped to.</param>
internal sealed record JumpTable(int Instruction, int[] Targets);
