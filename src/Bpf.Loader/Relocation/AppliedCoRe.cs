namespace Bpf.Loader.Relocation;

/// <summary>A CO-RE relocation that was carried out.</summary>
/// <param name="Instruction">The index of the instruction in the function, or in the linked program.</param>
/// <param name="Result">What it came to.</param>
public readonly record struct AppliedCoRe(int Instruction, CoReResult Result);
