using System.Collections.Generic;

namespace Bpf.Tool.MachineCode;

/// <summary>An instruction of a CPU, in assembler.</summary>
/// <param name="Offset">Where it begins in its function.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Operands">With what.</param>
/// <param name="Text">All of it.</param>
internal sealed record MachineInstruction(int Offset, int Length, string Operation, IReadOnlyList<string> Operands, string Text);
