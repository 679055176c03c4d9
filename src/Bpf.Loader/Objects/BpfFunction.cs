using System;
using System.Collections.Immutable;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>A function of an object file: a program, or a sub-program that programs call.</summary>
internal sealed class BpfFunction
{
    private const int NoSection = -1;

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

    /// <summary>The instructions (counted from its own start) that are not the file's any more: its CO-RE records do not go for them.</summary>
    public ImmutableHashSet<int> Replaced { get; set; } = [];

    /// <summary>The name that the file knows the function by; another one than <see cref="Name"/> for copies.</summary>
    public string NameInFile
    {
        get => field ?? Name;
        private init;
    }

    /// <summary>True when the code is not the file's at all: nothing is found by its place.</summary>
    public bool IsDetached => SectionIndex == NoSection;

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

    internal BpfFunction Clone(Func<CodeRelocation, CodeRelocation> map, string? name = null) => new()
    {
        Name = name ?? Name,
        NameInFile = NameInFile,
        SectionName = SectionName,
        SectionIndex = SectionIndex,
        FirstInstruction = FirstInstruction,
        InstructionCount = InstructionCount,
        Instructions = Instructions,
        IsSubProgram = IsSubProgram,
        Binding = Binding,
        IsHidden = IsHidden,
        Relocations = Array.ConvertAll(Relocations, relocation => map(relocation)),
        Replaced = Replaced,
    };

    /// <summary>A function of the same name that is nowhere in the file.</summary>
    internal BpfFunction WithCode(BpfInstruction[] code, CodeRelocation[] relocations) => new()
    {
        Name = Name,
        SectionName = "",
        SectionIndex = NoSection,
        FirstInstruction = 0,
        InstructionCount = code.Length,
        Instructions = code,
        IsSubProgram = IsSubProgram,
        Binding = Binding,
        IsHidden = IsHidden,
        Relocations = relocations,
    };
}
