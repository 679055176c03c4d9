namespace Bpf.Loader.Relocation;

/// <summary>A CO-RE relocation that was carried out.</summary>
/// <param name="Instruction">The index of the instruction in the function, or in the linked program.</param>
/// <param name="Result">What it came to.</param>
/// <param name="Outcome">Whether the instruction holds the answer, or why it must not be reached.</param>
public readonly record struct AppliedCoRe(int Instruction, CoReResult Result, CoReOutcome Outcome);
