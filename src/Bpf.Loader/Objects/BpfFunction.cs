using System;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>A function of an object file: a program, or a sub-program that programs call.</summary>
internal sealed class BpfFunction
{
    public required string Name { get; init; }

    /// <summary>The name of the section, as the file has it (with <c>?</c>).</summary>
    public required string SectionName { get; init; }

    public required int SectionIndex { get; init; }

    /// <summary>Its first instruction, counted from the start of the section.</summary>
    public required int FirstInstruction { get; init; }

    /// <summary>Its code in this machine's byte order. Shared with clones: whoever changes it copies it first.</summary>
    public BpfInstruction[] Instructions { get; set; } = [];

    public required int InstructionCount { get; init; }

    /// <summary>True when it is no entry point: it is in <c>.text</c>, or static and called.</summary>
    public required bool IsSubProgram { get; set; }

    public required ElfSymbolBinding Binding { get; init; }

    /// <summary>True when hidden or internal: its BTF is made static, so that the verifier does not check it on its own.</summary>
    public required bool IsHidden { get; init; }

    /// <summary>Its relocations, sorted by instruction (counted from its own start).</summary>
    public CodeRelocation[] Relocations { get; set; } = [];

    public bool IsGlobal => Binding != ElfSymbolBinding.Local;

    public bool IsWeak => Binding == ElfSymbolBinding.Weak;

    /// <summary>The first instruction of the section that is not its own any more.</summary>
    public int EndInstruction => FirstInstruction + InstructionCount;

    /// <summary>The relocation of an instruction (counted from its own start).</summary>
    public bool TryGetRelocation(int instruction, out CodeRelocation relocation)
    {
        int low = 0, high = Relocations.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int at = Relocations[middle].Instruction;
            if (at == instruction)
            {
                relocation = Relocations[middle];
                return true;
            }

            if (at < instruction) low = middle + 1;
            else high = middle - 1;
        }

        relocation = default;
        return false;
    }

    public override string ToString() => Name;

    internal BpfFunction Clone(Func<CodeRelocation, CodeRelocation> map) => new()
    {
        Name = Name,
        SectionName = SectionName,
        SectionIndex = SectionIndex,
        FirstInstruction = FirstInstruction,
        InstructionCount = InstructionCount,
        Instructions = Instructions,
        IsSubProgram = IsSubProgram,
        Binding = Binding,
        IsHidden = IsHidden,
        Relocations = Array.ConvertAll(Relocations, relocation => map(relocation)),
    };
}
