using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Kernel;

namespace Bpf.Loader.Testing;

/// <summary>A program in the machine.</summary>
public sealed partial class BpfMachineProgram
{
    private readonly BpfRelocatedProgram _relocated;
    private MachineCode? _code;
    private PointerOrigins? _origins;
    private readonly List<(int Instruction, KernelFunctionSlot Slot)> _functionAddresses = [];

    internal BpfMachineProgram(BpfMachineObject owner, BpfRelocatedProgram relocated)
    {
        Object = owner;
        _relocated = relocated;
    }

    /// <summary>The name.</summary>
    public string Name => _relocated.Definition.Name;

    /// <summary>The type.</summary>
    public BpfProgramType Type => _relocated.Definition.Type;

    /// <summary>The section in the object file.</summary>
    public string SectionName => _relocated.Definition.SectionName;

    /// <summary>The program in the object file.</summary>
    public BpfProgramDefinition Definition => _relocated.Definition;

    /// <summary>Why the program cannot be relocated against the machine's types; null when it can.</summary>
    public BpfLoaderException? Failure => _relocated.Failure;

    /// <summary>The object that it is of.</summary>
    public BpfMachineObject Object { get; }

    /// <summary>The number of instructions, those of the functions that it calls included; 0 when it cannot be relocated.</summary>
    public int InstructionCount => Code.Length;

    /// <summary>The line of C that each instruction was made of; empty where the object does not say.</summary>
    public IReadOnlyList<BpfLocation> Lines => [.. Enumerable.Range(0, Code.Length).Select(Code.LineOf)];

    /// <summary>The functions, with the index of their first instructions.</summary>
    public IReadOnlyList<BpfRelocatedFunction> Functions => _relocated.Functions;

    /// <summary>An instruction as the verifier's log would have it.</summary>
    public string Disassemble(int instruction) => Code.Disassemble(instruction);

    internal BpfMachine Machine => Object.Machine;

    /// <summary>The code, made when it is first looked at: most programs of a large object are not run in a test.</summary>
    internal MachineCode Code
    {
        get
        {
            if (_code is not null) return _code;
            _code = new MachineCode(Name, _relocated.Instructions, _relocated, Machine.Memory) { Program = this };
            if (_relocated.Failure is not null) return _code;
            CodeReferences.Fill(this, _relocated, _functionAddresses);
            foreach ((int instruction, KernelFunctionSlot _) in _functionAddresses) _code.Varying.Add(instruction);
            _code.ExceptionCallback = ExceptionCallbacks.Find(Object.File, _relocated);
            return _code;
        }
    }

    /// <summary>Runs the program.</summary>
    /// <param name="context">What it is called with.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="BpfMachineFault">The program did what the kernel would not let it do, or needs what the test did not supply.</exception>
    /// <exception cref="BpfLoaderException">The program cannot be relocated against the machine's types.</exception>
    /// <exception cref="ArgumentException">Programs of this type get another context.</exception>
    public BpfRun Run(BpfContext context)
    {
        Check(context);
        ulong result = Execute(context, out long instructions);
        return new BpfRun(this, context, result, instructions);
    }

    /// <summary>Runs the program, and allocates nothing but what it keeps in maps.</summary>
    /// <param name="context">What it is called with.</param>
    /// <returns>What it returned.</returns>
    /// <inheritdoc cref="Run"/>
    public uint Execute(BpfContext context)
    {
        Check(context);
        return (uint)Execute(context, out _);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal ulong Execute(BpfContext context, out long instructions)
    {
        if (Failure is not null) throw Failure;
        MachineCode code = Code;
        foreach ((int instruction, KernelFunctionSlot slot) in _functionAddresses)
            code[instruction].Immediate = slot.Body is null ? 0 : (long)code.Address;
        context.ProgramType = Type;
        context.AttachType = Definition.ExpectedAttachType;
        context.Enter(Machine);
        Machine.Redirected = null;
        Machine.Assigned = null;
        return Machine.Executor.Run(code, context, out instructions);
    }

    // What replaces another program has that one's context.
    private void Check(BpfContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Type != BpfProgramType.Ext && !context.Suits(Type))
            throw new ArgumentException($"Program '{Name}' is of type {Type} ({SectionName}), and such programs get no {context.GetType().Name}.", nameof(context));
    }

    /// <summary>An address of the object's arena from its lower half.</summary>
    internal ulong ArenaAddress(ulong value) => Object.Arena is { } arena ? (arena.Address & ~0xffff_fffful) | (uint)value : value;

    /// <summary>True when the kernel makes a load that finds no memory 0, as it does for pointers to kernel objects (<c>BPF_PROBE_MEM</c>).</summary>
    internal bool LoadsFault(int instruction) => (_origins ??= new PointerOrigins(Code, Type)).IsKernelPointer(instruction);
}
