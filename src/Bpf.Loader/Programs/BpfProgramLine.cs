namespace Bpf.Loader;

/// <summary>The source line that a loaded program's code, from an instruction on, was compiled from.</summary>
/// <param name="InstructionIndex">The first instruction, among those after verification.</param>
/// <param name="FileName">The source file, as the compiler was given it.</param>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Column">The column, from 1; 0 when it is not known.</param>
/// <param name="Text">The line; empty when the compiler did not see it.</param>
/// <param name="Address">Where its machine code begins in the kernel; 0 where that is hidden.</param>
public sealed record BpfProgramLine(int InstructionIndex, string FileName, int Line, int Column, string Text, ulong Address);
