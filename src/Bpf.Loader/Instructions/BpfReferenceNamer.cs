namespace Bpf.Loader.Instructions;

/// <summary>Names what an instruction refers to: the map or variable of a 64-bit load, the function of a call.</summary>
/// <param name="index">The index of the instruction.</param>
/// <param name="instruction">The instruction.</param>
/// <returns>The name, such as <c>map[events]</c>; <see langword="null"/> to print the numbers of the instruction.</returns>
public delegate string? BpfReferenceNamer(int index, BpfInstruction instruction);
