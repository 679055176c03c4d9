using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Writes references to maps into instructions, in the form that the kernel takes.</summary>
internal static class ReferencePatcher
{
    /// <summary>
    /// The immediate of a call that stands for a map which was not created, less the map's index; the verifier's log shows it when
    /// the instruction is reached.
    /// </summary>
    public const int MissingMap = 2001000000;

    /// <summary>A map by its descriptor.</summary>
    public static void PatchMap(BpfInstruction[] code, int at, int descriptor)
    {
        code[at].Source = BpfPseudo.MapDescriptor;
        code[at].Immediate = descriptor;
    }

    /// <summary>An address in the value of a map.</summary>
    /// <param name="code">The program.</param>
    /// <param name="at">The instruction.</param>
    /// <param name="descriptor">The map.</param>
    /// <param name="offset">The offset of the symbol in the value; what the compiler added is in the instruction.</param>
    public static void PatchValue(BpfInstruction[] code, int at, int descriptor, long offset)
    {
        code[at + 1].Immediate = unchecked((int)(code[at].Immediate + offset));
        code[at].Source = BpfPseudo.MapValue;
        code[at].Immediate = descriptor;
    }

    /// <summary>A value of the kernel's configuration.</summary>
    public static void PatchConfig(BpfInstruction[] code, int at, int descriptor, uint offset)
    {
        code[at].Source = BpfPseudo.MapValue;
        code[at].Immediate = descriptor;
        code[at + 1].Immediate = (int)offset;
    }

    /// <summary>A jump table, which is a map of its own.</summary>
    public static void PatchJumpTable(BpfInstruction[] code, int at, int descriptor)
    {
        code[at].Source = BpfPseudo.MapValue;
        code[at].Immediate = descriptor;
        code[at].Offset = 0;
        code[at + 1].Immediate = 0;
    }

    /// <summary>A map that does not exist: both halves become calls that the verifier refuses if they can be reached.</summary>
    public static void Poison(BpfInstruction[] code, int at, int mapIndex)
    {
        code[at] = code[at + 1] = new BpfInstruction(BpfOpCode.Call, 0, 0, 0, MissingMap + mapIndex);
    }

    /// <summary>
    /// Patches everything with descriptor 0, which is how the kernel sees a program when it computes its tag.
    /// </summary>
    public static void PatchWithoutKernel(LinkedProgram program)
    {
        foreach (LinkedReference reference in program.References)
        {
            CodeRelocation relocation = reference.Relocation;
            switch (relocation.Kind)
            {
                case CodeRelocationKind.MapReference:
                    PatchMap(program.Instructions, reference.Instruction, 0);
                    break;
                case CodeRelocationKind.MapValue:
                    PatchValue(program.Instructions, reference.Instruction, 0, relocation.Value);
                    break;
                case CodeRelocationKind.ExternLoad when relocation.Extern!.Kind == BpfExternKind.KernelConfig:
                    PatchConfig(program.Instructions, reference.Instruction, 0, relocation.Extern.Offset);
                    break;
                case CodeRelocationKind.InstructionArray:
                    PatchJumpTable(program.Instructions, reference.Instruction, 0);
                    break;
            }
        }
    }
}
