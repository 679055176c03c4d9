using System;
using System.Buffers.Binary;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    // MAX_TAIL_CALL_CNT.
    private const int MaximumTailCalls = 33;

    private ulong CallHelper(int number, ulong* r)
    {
        BpfHelperBody? body = _machine.Helpers.Find(number);
        if (body is null) throw MissingHelper(number);
        var call = new BpfCall(this, _machine, r);
        return _machine.Helpers.IsSupplied(number) ? CallSupplied(BpfHelper.GetName(number)!, body, call) : body(call);
    }

    /// <summary>Calls what the test supplied: what that throws, such as a failed assertion, is told with the line of C that called it.</summary>
    private ulong CallSupplied(string name, BpfHelperBody body, BpfCall call)
    {
        try
        {
            return body(call);
        }
        catch (Exception e) when (e is not (BpfMachineFault or ProgramException or OperationCanceledException))
        {
            throw Fault(BpfDiagnosticId.SuppliedBodyThrew, $"calls {name}, and what the test supplied for it threw {e.GetType().Name}: {FirstLineOf(e.Message)}", _instruction, innerException: e);
        }
    }

    // A failed assertion has several, all of which the inner exception tells.
    private static string FirstLineOf(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private ulong CallKernelFunction(MachineCode code, long slot, ulong* r)
    {
        if ((ulong)slot >= (ulong)code.KernelFunctions.Count) throw BadInstruction(_instruction);
        KernelFunctionSlot function = code.KernelFunctions[(int)slot];
        if (function.Body is not { } body)
        {
            throw Fault(
                BpfDiagnosticId.KernelFunctionNotSupplied,
                $"calls the kernel function {function.Name}, which the machine does not have; supply it: machine.KernelFunctions[\"{function.Name}\"] = call => …");
        }

        var call = new BpfCall(this, _machine, r);
        return function.IsSupplied ? CallSupplied(function.Name, body, call) : body(call);
    }

    private BpfMachineFault MissingHelper(int number)
    {
        string? name = BpfHelper.GetName(number);
        if (number == CoRePoison)
        {
            return Fault(BpfDiagnosticId.BadInstruction, "reaches code whose CO-RE relocation found nothing in the machine's kernel types: give the machine types that have it, or test for it in the program with bpf_core_field_exists");
        }

        return name is null
            ? Fault(BpfDiagnosticId.BadInstruction, $"calls helper {number}, which does not exist")
            : Fault(BpfDiagnosticId.HelperNotSupplied, $"calls {name}, which the machine does not have; supply it: machine.Helpers[\"{name}\"] = call => …");
    }

    private const int CoRePoison = Relocation.CoRePatcher.PoisonedHelper;

    /// <summary>The program that <c>bpf_tail_call</c> goes on with; null when it returns instead.</summary>
    private MachineCode? FindTailCall(ulong* r)
    {
        if (_memory.Find(r[2], out long offset) is not { Kind: RegionKind.Handle, Owner: ProgramArrayMap map } || offset != 0)
            throw Fault(BpfDiagnosticId.BadHelperArgument, "gives bpf_tail_call what is no program array");
        if (map.ProgramAt((uint)r[3]) is not { } program || _tailCalls >= MaximumTailCalls) return null;
        _tailCalls++;
        return program.Code;
    }

    private int FindJumpTarget(MachineCode code, ulong target, int pc)
    {
        if (_memory.Find(target, out long index) is not { Kind: RegionKind.Code } info || info.Owner != code || index < 0 || index >= code.Length)
            throw Fault(BpfDiagnosticId.BadPointer, $"jumps to 0x{target:x}, which is no instruction of the program", pc);
        return (int)index;
    }

    /// <summary>A load of the packet in network order (<c>BPF_LD_ABS</c>, <c>BPF_LD_IND</c>); R6 is the context.</summary>
    private bool TryLoadPacket(DecodedInstruction* i, ulong* r, int pc)
    {
        if (Context is null || r[6] != Context.Address) throw Fault(BpfDiagnosticId.BadPointer, "loads from the packet with an R6 that is not the context", pc);
        int size = i->Target < 0 ? -i->Target : i->Target;
        int offset = unchecked((int)i->Immediate + (i->Target < 0 ? (int)r[i->Source] : 0));
        byte* p = Context.PacketBytes(offset, size);
        if (p is null) return false;
        r[0] = size switch { 1 => *p, 2 => BinaryPrimitives.ReverseEndianness(*(ushort*)p), _ => BinaryPrimitives.ReverseEndianness(*(uint*)p) };
        return true;
    }

    /// <summary>From an arena's address in one address space to that in the other: the machine has one for both, and null stays null.</summary>
    private ulong CastAddress(ulong value) => (uint)value == 0 ? 0 : (value >> 32) != 0 ? value : Code.Program?.ArenaAddress(value) ?? value;
}
