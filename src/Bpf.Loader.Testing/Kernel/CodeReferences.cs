using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>Fills in what the instructions of a program refer to: maps, variables, and what the machine's kernel has.</summary>
internal static class CodeReferences
{
    /// <summary>Fills in all references of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="relocated">What it was made from.</param>
    /// <param name="functionAddresses">Gets the instructions that ask whether a kernel function is there, which may change.</param>
    public static void Fill(BpfMachineProgram program, BpfRelocatedProgram relocated, List<(int Instruction, KernelFunctionSlot Slot)> functionAddresses)
    {
        MachineCode code = program.Code;
        foreach (BpfReference reference in relocated.References)
        {
            ref DecodedInstruction instruction = ref code[reference.Instruction];
            switch (reference.Kind)
            {
                case BpfReferenceKind.Map:
                    instruction.Immediate = (long)program.Object.Find(reference.Map!).Handle;
                    break;
                case BpfReferenceKind.MapValue:
                    instruction.Immediate = (long)AddressOf(program.Object.Find(reference.Map!), reference.Offset);
                    break;
                case BpfReferenceKind.KernelConfig:
                    instruction.Immediate = (long)AddressOf(program.Object.Maps.First(static map => map.Definition.Kind == BpfMapKind.KernelConfig), reference.Offset);
                    break;
                case BpfReferenceKind.JumpTable:
                    instruction.Immediate = (long)MakeJumpTable(program.Machine.Memory, code, reference.Targets);
                    break;
                case BpfReferenceKind.KernelFunction:
                    instruction = new DecodedInstruction { Operation = Operation.CallKernelFunction, Immediate = code.KernelFunctions.Count };
                    code.KernelFunctions.Add(program.Machine.KernelFunctions.Find(reference.Extern!.EssentialName));
                    break;
                case BpfReferenceKind.KernelSymbol when reference.Extern!.IsFunction:
                    functionAddresses.Add((reference.Instruction, program.Machine.KernelFunctions.Find(reference.Extern.EssentialName)));
                    break;
                case BpfReferenceKind.KernelSymbol:
                    instruction.Immediate = (long)AddressOf(program.Machine, reference.Extern!);
                    break;
            }
        }
    }

    private static ulong AddressOf(BpfMachineMap map, uint offset) => map switch
    {
        ArrayMap section => section.AddressOf(0) + offset,
        ArenaMap arena => arena.Address + (ulong)arena.GlobalsOffset + offset,
        _ => throw new NotSupportedException($"Map '{map.Name}' ({map.Type}) holds no variables."),
    };

    private static ulong AddressOf(BpfMachine machine, BpfExternDefinition definition)
    {
        if (machine.Kernel.TryFindSymbol(definition.Name, out ulong address)) return address;
        if (!definition.IsTypeless && machine.Kernel.TryFindVariable(definition.EssentialName) is { } variable) return variable.Address;
        if (definition.IsWeak) return 0;
        // Its address may be compared and printed; who looks into it is told the name.
        return machine.Memory.AddressOf(machine.Memory.Add(RegionKind.Handle, [], 0, 0, isWritable: false, definition.Name));
    }

    /// <summary>Makes the table that an indirect jump takes its target from.</summary>
    /// <returns>Its address.</returns>
    public static ulong MakeJumpTable(MachineMemory memory, MachineCode code, IReadOnlyList<int> targets)
    {
        byte[] table = MachineMemory.Allocate(targets.Count * sizeof(ulong));
        Span<ulong> entries = MemoryMarshal.Cast<byte, ulong>(table.AsSpan());
        for (int i = 0; i < targets.Count; i++)
        {
            entries[i] = code.AddressOf(targets[i]);
            code.JumpTargets.Add(targets[i]);
        }

        return memory.AddressOf(memory.Add(RegionKind.MapValue, table, 0, table.Length, isWritable: false, "jump table"));
    }
}
