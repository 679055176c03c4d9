using System.Collections.Generic;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>The names of what the instructions of a linked program refer to, as the disassembler prints them.</summary>
internal static class ReferenceNames
{
    /// <summary>Collects the names, by instruction.</summary>
    public static Dictionary<int, string> Of(LinkedProgram program)
    {
        var names = new Dictionary<int, string>();
        foreach (LinkedReference reference in program.References)
        {
            if (NameOf(program.Instructions[reference.Instruction], reference.Relocation) is string name)
                names[reference.Instruction] = name;
        }

        var starts = new Dictionary<int, string>();
        foreach (LinkedPart part in program.Parts)
            starts[part.Start] = part.Function.Name;
        for (int i = 0; i < program.Instructions.Length; i++)
        {
            BpfInstruction instruction = program.Instructions[i];
            if ((instruction.IsPseudoCall || instruction.IsPseudoFunction) && starts.TryGetValue(i + 1 + instruction.Immediate, out string? function))
                names[i] = function;
        }

        return names;
    }

    private static string? NameOf(BpfInstruction instruction, CodeRelocation relocation) => relocation.Kind switch
    {
        CodeRelocationKind.MapReference => $"map[{relocation.Map!.Name}]",
        CodeRelocationKind.MapValue => $"map[{relocation.Map!.Name}][0]+{relocation.Value + instruction.Immediate}",
        CodeRelocationKind.ExternLoad when relocation.Extern!.Kind == BpfExternKind.KernelConfig => $"kconfig[{relocation.Extern.Name}]",
        CodeRelocationKind.ExternLoad => $"ksym[{relocation.Extern!.Name}]",
        CodeRelocationKind.ExternCall => relocation.Extern!.EssentialName,
        CodeRelocationKind.InstructionArray => $"jumptable[{relocation.Value}]",
        _ => null,
    };
}
