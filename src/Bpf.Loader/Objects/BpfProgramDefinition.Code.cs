using System;
using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

public sealed partial class BpfProgramDefinition
{
    /// <summary>
    /// The code as the file has it, or as it was set, in this machine's byte order: nothing is relocated yet, and no sub-program linked to it.
    /// What goes to the kernel is in <see cref="BpfRelocatedProgram.Instructions"/>.
    /// </summary>
    public ReadOnlyMemory<BpfInstruction> Instructions => Function.Instructions;

    /// <summary>
    /// Puts another instruction in the place of one. What the file says of the old one, such as a CO-RE relocation or a map that it refers
    /// to, does not go for the new one; all others stay as they are, and so do the lines of source.
    /// </summary>
    /// <param name="index">The instruction, counted in <see cref="Instructions"/>.</param>
    /// <param name="instruction">
    /// What stands there from now on. In the place of a 64-bit load, whose second half then does nothing, it is one instruction as well.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such instruction.</exception>
    /// <exception cref="ArgumentException">The place is the second half of a 64-bit load, or the instruction is a load of that kind, which takes two.</exception>
    public void Replace(int index, BpfInstruction instruction)
    {
        ReadOnlySpan<BpfInstruction> code = Function.Instructions;
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, code.Length);
        if (IsSecondHalf(code, index))
            throw new ArgumentException($"Instruction {index} of program '{Name}' is the second half of a 64-bit load: replace the first.", nameof(index));
        if (instruction.IsLoadImmediate64)
            throw new ArgumentException($"A 64-bit load takes two instructions, and cannot stand in the place of one: use {nameof(SetInstructions)}.", nameof(instruction));

        BpfInstruction[] changed = code.ToArray();
        if (changed[index].IsLoadImmediate64 && index + 1 < changed.Length) changed[index + 1] = new BpfInstruction(BpfOpCode.Goto, 0, 0, 0, 0);
        changed[index] = instruction;
        Function.Instructions = changed; // the old array may be that of clones as well
        Function.Relocations = Array.FindAll(Function.Relocations, relocation => relocation.Instruction != index);
        Function.Replaced = Function.Replaced.Add(index);
    }

    /// <summary>
    /// Puts other code in the place of all of it, as <c>bpf_program__set_insns</c> does before the relocation. Nothing of what the file says of the
    /// code goes for it: no relocations, no functions, no lines of source.
    /// </summary>
    /// <param name="code">
    /// The code, in this machine's byte order. It can refer to maps of the object by their index in <paramref name="maps"/>
    /// (<see cref="BpfAssembler.LoadMapAt"/>), and calls no functions but the kernel's.
    /// </param>
    /// <param name="maps">The maps that it refers to, of the same object.</param>
    /// <exception cref="ArgumentException">The code is empty, calls a function of the object, or refers to a map that is not given.</exception>
    public void SetInstructions(ReadOnlySpan<BpfInstruction> code, IReadOnlyList<BpfMapDefinition>? maps = null)
    {
        if (code.IsEmpty) throw new ArgumentException("A program has at least one instruction, which ends it.", nameof(code));
        BpfInstruction[] own = code.ToArray();
        Function = Function.WithCode(own, Refer(own, maps ?? []));
    }

    // The kernel takes code 0 for nothing else (BPF_LD | BPF_IMM | BPF_W).
    private static bool IsSecondHalf(ReadOnlySpan<BpfInstruction> code, int index) => index > 0 && code[index].Code == 0 && code[index - 1].IsLoadImmediate64;

    private static CodeRelocation[] Refer(BpfInstruction[] code, IReadOnlyList<BpfMapDefinition> maps)
    {
        var references = new List<CodeRelocation>();
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i].IsPseudoCall || code[i].IsPseudoFunction)
                throw new ArgumentException($"Instruction {i} refers to a function of the program, which code that is set here cannot.", nameof(code));
            if (!code[i].IsLoadImmediate64) continue;
            bool isValue = code[i].Source == BpfPseudo.MapIndexValue;
            if (i + 1 == code.Length) throw new ArgumentException("The last instruction is the first half of a 64-bit load.", nameof(code));
            if (isValue || code[i].Source == BpfPseudo.MapIndex)
            {
                int map = code[i].Immediate;
                if ((uint)map >= (uint)maps.Count)
                    throw new ArgumentException($"Instruction {i} refers to map {map}, and {(maps.Count == 0 ? "none is given" : $"the last one given is {maps.Count - 1}")}.", nameof(code));
                references.Add(new CodeRelocation(i, isValue ? CodeRelocationKind.MapValue : CodeRelocationKind.MapReference, Map: maps[map]));
                code[i].Immediate = isValue ? code[i + 1].Immediate : 0; // where compilers leave the offset
                code[i].Source = 0;
                code[i + 1].Immediate = 0;
            }

            i++; // the second half
        }

        return [.. references];
    }
}
