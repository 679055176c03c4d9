using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>Writes what externs came to into the instructions that refer to them.</summary>
internal static class ExternPatcher
{
    /// <summary>The immediate of a call that stands for an unresolved weak function, less its index; the verifier's log shows it.</summary>
    public const int MissingFunction = 2002000000;

    /// <summary>Patches a reference to a kernel symbol or function. A module's BTF is left to be filled in at the load.</summary>
    public static void Patch(BpfInstruction[] code, LinkedReference reference, ResolvedExtern resolved)
    {
        ref BpfInstruction first = ref code[reference.Instruction];
        if (reference.Relocation.Kind == CodeRelocationKind.ExternCall)
        {
            first = resolved.IsResolved
                ? new BpfInstruction(first.Code, first.Destination, BpfPseudo.KernelFunctionCall, (short)resolved.ModuleIndex, resolved.TypeId.Value)
                : new BpfInstruction(BpfOpCode.Call, 0, 0, 0, MissingFunction + resolved.Definition.Index);
            return;
        }

        ref BpfInstruction second = ref code[reference.Instruction + 1];
        if (resolved.IsResolved && !resolved.Definition.IsTypeless)
        {
            first.Source = BpfPseudo.BtfId;
            first.Immediate = resolved.TypeId.Value;
            second.Immediate = 0;
        }
        else
        {
            // A weak symbol that the kernel lacks has the address 0.
            first.Immediate = (int)(uint)resolved.Address;
            second.Immediate = (int)(uint)(resolved.Address >> 32);
        }
    }
}
