using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics.Verifier;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Tells the explanation of a refusal what is known of the linked program: its functions, lines, maps and types.</summary>
internal static class RefusedProgram
{
    private const int FramePointer = (int)BpfRegister.R10;
    private const byte CopyRegister = BpfOpCode.Alu64 | (byte)BpfAluOperation.Move | BpfOpCode.SourceRegister;
    private const byte AddNumber = BpfOpCode.Alu64 | (byte)BpfAluOperation.Add;

    public static VerifiedProgram Describe(BpfObjectFile file, LinkedProgram program)
    {
        BpfProgramDefinition definition = program.Definition;
        return new VerifiedProgram
        {
            Name = definition.Name,
            Section = definition.SectionName,
            Type = definition.Type,
            License = file.License,
            Btf = file.Btf,
            Functions = Functions(program),
            Lines = program.LineInfo,
            Maps = Maps(program),
            Instructions = program.Instructions,
        };
    }

    private static VerifiedFunction[] Functions(LinkedProgram program)
    {
        Dictionary<int, BtfTypeId> types = program.FunctionInfo.GroupBy(info => (int)info.InstructionOffset).ToDictionary(group => group.Key, group => group.First().TypeId);
        return
        [
            .. program.Parts.Select((part, i) =>
            {
                int end = i + 1 < program.Parts.Count ? program.Parts[i + 1].Start : program.Instructions.Length;
                ReadOnlySpan<BpfInstruction> code = program.Instructions.AsSpan(part.Start, end - part.Start);
                return new VerifiedFunction(part.Function.Name, part.Start, end, StackBytes(code), Calls(code, part.Start), types.GetValueOrDefault(part.Start));
            }),
        ];
    }

    // The lowest address that is named: of accesses relative to R10, and of copies of it that a number is added to.
    private static int StackBytes(ReadOnlySpan<BpfInstruction> code)
    {
        int lowest = 0;
        for (int i = 0; i < code.Length; i++)
        {
            BpfInstruction instruction = code[i];
            bool isLoad = instruction.Class == BpfOpCode.LoadRegister && instruction.Source == FramePointer;
            bool isStore = instruction.Class is BpfOpCode.Store or BpfOpCode.StoreRegister && instruction.Destination == FramePointer;
            if (isLoad || isStore) lowest = Math.Min(lowest, instruction.Offset);
            if (i > 0 && code[i - 1] is { Code: CopyRegister, Source: FramePointer } copy && instruction.Code == AddNumber && instruction.Destination == copy.Destination)
                lowest = Math.Min(lowest, instruction.Immediate);
            if (instruction.IsLoadImmediate64) i++;
        }

        return -lowest;
    }

    private static int[] Calls(ReadOnlySpan<BpfInstruction> code, int start)
    {
        var calls = new List<int>();
        for (int i = 0; i < code.Length; i++)
        {
            bool isCall = code[i].IsCall && code[i].Source == BpfPseudo.Call;
            bool isAddress = code[i].IsLoadImmediate64 && code[i].Source == BpfPseudo.Function;
            if (isCall || isAddress) calls.Add(start + i + 1 + code[i].Immediate);
            if (code[i].IsLoadImmediate64) i++;
        }

        return [.. calls.Distinct()];
    }

    private static Dictionary<int, VerifiedMap> Maps(LinkedProgram program)
    {
        var maps = new Dictionary<int, VerifiedMap>();
        foreach (LinkedReference reference in program.References)
        {
            if (reference.Relocation is not { Map: BpfMapDefinition map }) continue;
            bool isValue = reference.Relocation.Kind == CodeRelocationKind.MapValue;
            maps[reference.Instruction] = new VerifiedMap(map.Name, map.Type, map.KeySize, map.ValueSize, map.BtfKeyTypeId, map.BtfValueTypeId, isValue && map.IsInternal, isValue ? reference.Relocation.Value : 0);
        }

        return maps;
    }
}
