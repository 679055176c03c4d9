using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>The place of a function that an instruction calls, or takes the address of.</summary>
/// <param name="Section">The section.</param>
/// <param name="Instruction">The instruction, counted from the start of the section.</param>
internal readonly record struct CodeTarget(int Section, long Instruction)
{
    /// <summary>Where an instruction of a function leads.</summary>
    /// <param name="caller">The function.</param>
    /// <param name="index">The instruction, counted from the function's start.</param>
    /// <param name="instruction">The instruction itself, as it is by now.</param>
    /// <param name="problem">What is wrong with it, as a part of a sentence; null when nothing is.</param>
    /// <returns>Null when it leads to no function of the object.</returns>
    public static CodeTarget? Of(BpfFunction caller, int index, BpfInstruction instruction, out string? problem)
    {
        problem = null;
        CodeRelocation? relocation = caller.TryGetRelocation(index, out CodeRelocation found) ? found : null;
        bool isAddress = relocation?.Kind == CodeRelocationKind.SubProgramAddress || instruction.IsPseudoFunction;
        if (!isAddress && !instruction.IsPseudoCall) return null;
        switch (relocation?.Kind)
        {
            case CodeRelocationKind.ExternCall:
                return null; // a kernel function: the extern step patches it
            case CodeRelocationKind.Call:
                return new CodeTarget(found.Section, (found.Value / BpfInstruction.Size) + instruction.Immediate + 1);
            case CodeRelocationKind.SubProgramAddress:
                return new CodeTarget(found.Section, (found.Value + instruction.Immediate) / BpfInstruction.Size);
            case null when isAddress:
                problem = "takes the address of a function, but no relocation says which";
                return null;
            case null:
                // A call within the section: the compiler has already put the distance into the instruction.
                return new CodeTarget(caller.SectionIndex, (long)caller.FirstInstruction + index + instruction.Immediate + 1);
            default:
                problem = $"is a call, but its relocation is a {found.Kind}";
                return null;
        }
    }
}
