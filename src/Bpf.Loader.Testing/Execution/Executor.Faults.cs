using System;
using System.Collections.Generic;
using Bpf.Loader.Testing.Memory;
using RegionInfo = Bpf.Loader.Testing.Memory.RegionInfo;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    /// <summary>A fault of the instruction that calls a helper.</summary>
    public BpfMachineFault Fault(BpfDiagnosticId id, string reason) => Fault(id, reason, _instruction);

    private BpfMachineFault Fault(BpfDiagnosticId id, string reason, int pc, RegionInfo? info = null, long offset = 0, string? region = null, Exception? innerException = null)
    {
        MachineCode code = Code;
        return new BpfMachineFault(id, code.Name, reason, pc, code.Disassemble(pc), Locate(code, pc), FindCallers(), innerException) { Region = region ?? info?.Name, Offset = offset };
    }

    /// <summary>Where the functions that run were called, the innermost first.</summary>
    public List<BpfLocation> FindCallers()
    {
        List<BpfLocation> callers = [];
        for (int depth = _depth; depth > 0; depth--)
        {
            ref Frame frame = ref _frames[depth];
            if (frame.Code is null) break;
            callers.Add(Locate(frame.Code, frame.CallSite));
        }

        return callers;
    }

    private static BpfLocation Locate(MachineCode code, int pc)
    {
        BpfLocation line = code.LineOf(pc);
        return line.SourceFile is null ? new BpfLocation(Symbol: code.FunctionOf(pc)) : line with { Symbol = code.FunctionOf(pc) };
    }

    private BpfMachineFault OutOfBudget(int pc)
    {
        _budget = 0;
        return Fault(BpfDiagnosticId.InstructionBudget, $"ran for {_machine.InstructionBudget} instructions without an end; raise InstructionBudget if it needs more", pc);
    }

    private BpfMachineFault BadInstruction(int pc) =>
        Fault(BpfDiagnosticId.BadInstruction, "reaches an instruction that the kernel refuses", pc);

    private BpfMachineFault AccessFault(string does, ulong address, uint size, int pc, RegionInfo? info, long offset)
    {
        if (address < 4096 || info is null && address + 4096 < 4096)
            return Fault(BpfDiagnosticId.NullPointer, $"{does} {size} bytes through a null pointer{(address == 0 ? "" : $" ({(long)address:+0;-0})")}; it was not compared with 0 before", pc);
        if (info is null || info.FormerKind == RegionKind.None)
            return Fault(BpfDiagnosticId.BadPointer, $"{does} {size} bytes at 0x{address:x}, which is no pointer", pc);
        if (info.Kind == RegionKind.None)
            return Fault(BpfDiagnosticId.UseAfterRelease, $"{does} {size} bytes of a {info.Name} that it has given back", pc, info, offset);
        if (info.Kind == RegionKind.Stack && !IsLive(address))
            return Fault(BpfDiagnosticId.UseAfterRelease, $"{does} {size} bytes of the stack of a function that has returned", pc, info, offset);
        if (info.Kind is RegionKind.Handle or RegionKind.Code)
            return Fault(BpfDiagnosticId.BadPointer, $"{does} {size} bytes of the {info.Name}, which programs cannot look into", pc, info, offset);
        if (info.Kind == RegionKind.User)
            return Fault(BpfDiagnosticId.BadPointer, $"{does} {size} bytes of the {info.Name}; that goes by bpf_probe_read_user only", pc, info, offset);
        if (info.Kind == RegionKind.Context && info.Data is not { Length: > 0 } && IsInside(info, offset, size))
            return Fault(BpfDiagnosticId.BadPointer, $"{does} {size} bytes at offset {offset} of the context, whose members are made when they are read one by one, and are no memory", pc, info, offset);
        if (IsInside(info, offset, size))
            return Fault(BpfDiagnosticId.ReadOnlyMemory, $"{does} {size} bytes at offset {offset} of the {info.Name}, which may only be read", pc, info, offset);
        return Fault(BpfDiagnosticId.OutOfBounds, $"{does} {size} bytes at offset {offset} of the {info.Name}, which has {info.Length}", pc, info, offset);
    }
}
