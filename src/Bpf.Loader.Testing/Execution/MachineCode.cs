using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing.Compilation;
using Bpf.Loader.Testing.Coverage;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

/// <summary>A program, decoded and with its references filled in.</summary>
internal sealed unsafe class MachineCode
{
    private readonly DecodedInstruction[] _decoded;
    private readonly BpfLocation[] _lines;

    /// <summary>Decodes a program.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="source">The instructions.</param>
    /// <param name="relocated">Where they are from, for lines and names; null for bare instructions.</param>
    /// <param name="memory">Where its functions get addresses.</param>
    public MachineCode(string name, ReadOnlyMemory<BpfInstruction> source, BpfRelocatedProgram? relocated, MachineMemory memory)
    {
        Name = name;
        Source = source;
        Relocated = relocated;
        _decoded = GC.AllocateArray<DecodedInstruction>(source.Length + 1, pinned: true);
        Instructions = (DecodedInstruction*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_decoded));
        Address = memory.AddressOf(memory.Add(RegionKind.Code, [], 0, source.Length, isWritable: false, this));
        Decoder.Decode(source.Span, _decoded);
        for (int i = 0; i < source.Length; i++)
        {
            ref DecodedInstruction instruction = ref _decoded[i];
            if (instruction.Operation == Operation.LoadConstant && source.Span[i].Source == BpfPseudo.Function)
                instruction.Immediate = (long)AddressOf(instruction.Target);
        }

        _lines = ReadLines(relocated, source.Length);
    }

    /// <summary>The name of the program.</summary>
    public string Name { get; }

    /// <summary>The instructions as they were.</summary>
    public ReadOnlyMemory<BpfInstruction> Source { get; }

    /// <summary>Where they are from; null for bare instructions.</summary>
    public BpfRelocatedProgram? Relocated { get; }

    /// <summary>The decoded instructions, and one more.</summary>
    public DecodedInstruction* Instructions { get; }

    /// <summary>The number of instructions.</summary>
    public int Length => Source.Length;

    /// <summary>The address of the first instruction, for function pointers.</summary>
    public ulong Address { get; }

    /// <summary>What each kernel function that is called stands for, by the constant of the call.</summary>
    public List<KernelFunctionSlot> KernelFunctions { get; } = [];

    /// <summary>How often its instructions ran, when that is counted.</summary>
    public ProgramCoverage? Coverage { get; set; }

    /// <summary>Where its indirect jumps may lead, by its tables.</summary>
    public HashSet<int> JumpTargets { get; } = [];

    /// <summary>The instructions of which the constant changes from run to run.</summary>
    public HashSet<int> Varying { get; } = [];

    /// <summary>How many instructions ran in its runs.</summary>
    public long Executed { get; set; }

    /// <summary>What it was compiled to; null when it was not.</summary>
    public CompiledProgram? Compiled { get; set; }

    /// <summary>True when it was tried to compile it.</summary>
    public bool IsCompilationTried { get; set; }

    /// <summary>The program that it belongs to; null for bare instructions.</summary>
    public BpfMachineProgram? Program { get; set; }

    /// <summary>The function that runs when the program throws; -1 for none.</summary>
    public int ExceptionCallback { get; set; } = -1;

    /// <summary>A decoded instruction, to fill in a reference.</summary>
    public ref DecodedInstruction this[int index] => ref _decoded[index];

    /// <summary>The address of an instruction.</summary>
    public ulong AddressOf(int index) => Address + (ulong)index;

    /// <summary>The line of C that an instruction was made from; empty when unknown.</summary>
    public BpfLocation LineOf(int index) => (uint)index < (uint)_lines.Length ? _lines[index] : default;

    /// <summary>The function that an instruction is in.</summary>
    public string FunctionOf(int index)
    {
        string name = Name;
        if (Relocated is null) return name;
        foreach (BpfRelocatedFunction function in Relocated.Functions)
        {
            if (function.Start <= index) name = function.Name;
        }

        return name;
    }

    /// <summary>The instruction as the verifier's log has it.</summary>
    public string Disassemble(int index) =>
        (uint)index < (uint)Length ? BpfDisassembler.Format(Source.Span, index, Relocated is null ? null : Relocated.NameReference) : "the end of the program";

    /// <summary>The name of the program.</summary>
    public override string ToString() => Name;

    private static BpfLocation[] ReadLines(BpfRelocatedProgram? relocated, int length)
    {
        if (relocated is null) return [];
        var lines = new BpfLocation[length];
        BpfLocation current = default;
        HashSet<int> starts = [];
        foreach (BpfRelocatedFunction function in relocated.Functions) starts.Add(function.Start);
        for (int i = 0; i < length; i++)
        {
            if (starts.Contains(i)) current = default;
            if (relocated.TryFindLine(i, out BpfLocation line)) current = line;
            lines[i] = current;
        }

        return lines;
    }
}
