using System;
using System.Collections.Generic;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing;

/// <summary>An instruction that is about to run.</summary>
public readonly unsafe ref struct BpfStep
{
    private readonly Executor _executor;
    private readonly MachineCode _code;
    private readonly ulong* _registers;

    internal BpfStep(Executor executor, MachineCode code, int instruction, ulong* registers)
    {
        _executor = executor;
        _code = code;
        _registers = registers;
        Instruction = instruction;
    }

    /// <summary>The program.</summary>
    public string ProgramName => _code.Name;

    /// <summary>The index of the instruction in the relocated program.</summary>
    public int Instruction { get; }

    /// <summary>How many functions deep it is; 0 in the program itself.</summary>
    public int Depth => _executor.Depth;

    /// <summary>The function that it is in.</summary>
    public string Function => _code.FunctionOf(Instruction);

    /// <summary>The line of C that it was made from; empty where the object does not say.</summary>
    public BpfLocation Location => _code.LineOf(Instruction);

    /// <summary>The instruction as the verifier's log would have it.</summary>
    public string Disassembly => _code.Disassemble(Instruction);

    /// <summary>The registers R0 to R10.</summary>
    public ReadOnlySpan<ulong> Registers => new(_registers, 11);

    /// <summary>Where the functions that led here were called, the innermost first.</summary>
    public IReadOnlyList<BpfLocation> Callers => _executor.FindCallers();

    /// <summary>The memory that the instruction itself writes, before it does; null when it writes none. What helpers write is not told.</summary>
    public BpfMemoryRange? Written
    {
        get
        {
            DecodedInstruction instruction = _code.Instructions[Instruction];
            (int size, long offset) = instruction.Operation switch
            {
                >= Operation.Store8 and <= Operation.Store64 => (1 << (instruction.Operation - Operation.Store8), instruction.Immediate),
                >= Operation.StoreStack8 and <= Operation.StoreStack64 => (1 << (instruction.Operation - Operation.StoreStack8), instruction.Target),
                >= Operation.StoreImmediate8 and <= Operation.StoreImmediate64 => (1 << (instruction.Operation - Operation.StoreImmediate8), instruction.Target),
                >= Operation.StoreStackImmediate8 and <= Operation.StoreStackImmediate64 => (1 << (instruction.Operation - Operation.StoreStackImmediate8), instruction.Target),
                Operation.Atomic => ((int)(instruction.Immediate >> 32), instruction.Target),
                Operation.StoreRelease => ((int)instruction.Immediate, instruction.Target),
                _ => (0, 0L),
            };
            return size == 0 ? null : new BpfMemoryRange(_registers[instruction.Destination] + (ulong)offset, size);
        }
    }
}
