using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Compilation;

/// <summary>
/// Makes IL of a program: its registers become local variables, and each access is checked as the interpreter checks it. What is rare or
/// changes frames (calls of functions, tail calls, atomics, the end) is the interpreter's: the code stores the registers and returns where
/// it is to go on, and is entered again behind. So faults, budgets and results are those of the interpreter.
/// </summary>
[RequiresDynamicCode("Makes methods at run time.")]
internal sealed unsafe partial class ProgramCompiler
{
    // Beyond these the runtime's compiler no longer optimises.
    private const int MaximumLength = 8192;

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly FieldInfo BudgetField = typeof(Executor).GetField("_budget", Any)!;
    private static readonly FieldInfo InstructionField = typeof(Executor).GetField("_instruction", Any)!;
    private static readonly FieldInfo MemoryField = typeof(Executor).GetField("_memory", Any)!;
    private static readonly FieldInfo RegionsField = typeof(MachineMemory).GetField("_table", Any)!;
    private static readonly FieldInfo CountField = typeof(MachineMemory).GetField("_tableLength", Any)!;

    private readonly MachineCode _code;
    private readonly WrittenStack _written;
    private readonly ILGenerator _il;
    private readonly Label[] _labels;
    private readonly bool[] _leaders;
    private readonly LocalBuilder[] _registers = new LocalBuilder[11];
    private readonly LocalBuilder _budget, _next, _address, _index, _offset, _regions, _count, _region;
    private readonly Label _leave;
    private readonly List<Action> _slowPaths = [];

    private ProgramCompiler(MachineCode code, ILGenerator il)
    {
        _code = code;
        _written = new WrittenStack(code);
        _il = il;
        _labels = new Label[code.Length + 1];
        _leaders = new bool[code.Length + 1];
        for (int i = 0; i <= code.Length; i++) _labels[i] = il.DefineLabel();
        for (int i = 0; i < _registers.Length; i++) _registers[i] = il.DeclareLocal(typeof(ulong));
        _budget = il.DeclareLocal(typeof(long));
        _next = il.DeclareLocal(typeof(int));
        _address = il.DeclareLocal(typeof(ulong));
        _index = il.DeclareLocal(typeof(uint));
        _offset = il.DeclareLocal(typeof(uint));
        _regions = il.DeclareLocal(typeof(Region*));
        _count = il.DeclareLocal(typeof(uint));
        _region = il.DeclareLocal(typeof(Region*));
        _leave = il.DefineLabel();
        _slotSizes = new StackSlots(code, _written);
        foreach (int offset in _slotSizes.Sizes.Keys) _slots.Add(offset, il.DeclareLocal(typeof(ulong)));
    }

    /// <summary>Compiles a program.</summary>
    /// <returns>Null when it is too long.</returns>
    public static CompiledProgram? Compile(MachineCode code)
    {
        if (code.Length > MaximumLength) return null;
        var method = new DynamicMethod("bpf_" + code.Name, typeof(int), [typeof(Executor), typeof(ulong*), typeof(byte*), typeof(int)], typeof(Executor), skipVisibility: true);
        var compiler = new ProgramCompiler(code, method.GetILGenerator());
        int[] entries = compiler.FindEntries();
        compiler.Emit(entries);
        return new CompiledProgram(method.CreateDelegate<CompiledProgram.Body>(), entries);
    }

    /// <summary>Numbers the places where the interpreter hands over, and marks where blocks begin.</summary>
    private int[] FindEntries()
    {
        bool[] isEntry = new bool[_code.Length + 1];
        isEntry[0] = true;
        for (int i = 0; i < _code.Length; i++)
        {
            DecodedInstruction instruction = _code[i];
            bool isJump = instruction.Operation is >= Operation.JumpIfEqualRegister and <= Operation.GotoConditional;
            bool isCall = instruction.Operation is Operation.CallHelper or Operation.CallKernelFunction;
            if (isJump) _leaders[instruction.Target] = true;
            if (isJump || isCall) _leaders[i + 1] = true;
            if (IsInterpreted(i))
            {
                _leaders[i] = true;
                isEntry[i + (instruction.Operation == Operation.LoadConstant ? 2 : 1)] = true;
                if (instruction.Operation is Operation.CallFunction or Operation.GotoConditional) isEntry[instruction.Target] = true;
            }

            // A function that is called back.
            if (instruction.Operation == Operation.LoadConstant && (uint)instruction.Target < (uint)_code.Length && instruction.Target != i + 2) isEntry[instruction.Target] = true;
        }

        foreach (int target in _code.JumpTargets) isEntry[target] = true;
        int[] entries = new int[_code.Length + 1];
        int count = 0;
        for (int i = 0; i < _code.Length; i++)
        {
            if (!isEntry[i] || IsInterpreted(i)) continue;
            entries[i] = ++count;
            _leaders[i] = true;
        }

        return entries;
    }

    private void Emit(int[] entries)
    {
        for (int i = 0; i < _registers.Length; i++)
        {
            PushRegisterAddress(i);
            _il.Emit(OpCodes.Ldind_I8);
            _il.Emit(OpCodes.Stloc, _registers[i]);
        }

        LoadBudget();
        LoadRegions();
        List<Label> places = [];
        for (int i = 0; i < _code.Length; i++)
        {
            if (entries[i] > 0) places.Add(EntryOf(i));
        }

        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Switch, [.. places]);
        // There is no other number; to the verifier's peace, the first instruction is the interpreter's then.
        Leave(0);
        for (int i = 0; i <= _code.Length; i++) EmitAt(i);
        foreach (Action slow in _slowPaths) slow();
        EmitLeave();
    }

    // What is on the stack is fetched before.
    private Label EntryOf(int at)
    {
        if (_slots.Count == 0) return _labels[at];
        Label entry = _il.DefineLabel();
        _slowPaths.Add(() =>
        {
            _il.MarkLabel(entry);
            LoadSlots(at);
            _il.Emit(OpCodes.Br, _labels[at]);
        });
        return entry;
    }

    private void EmitAt(int at)
    {
        bool isSecondHalf = at > 0 && _code[at - 1].Operation == Operation.LoadConstant;
        if (isSecondHalf && !_leaders[at]) return;
        _il.MarkLabel(_labels[at]);
        if (at == _code.Length || IsInterpreted(at))
        {
            Leave(at);
            return;
        }

        if (_leaders[at]) TakeFromBudget(at);
        Emit(at, _code[at]);
        // What is behind a constant of two halves is not the second.
        if (_code[at].Operation == Operation.LoadConstant) _il.Emit(OpCodes.Br, _labels[at + 2]);
    }

    /// <summary>Takes the instructions of a block from the budget; when it does not last, the interpreter finds where it ends.</summary>
    private void TakeFromBudget(int at)
    {
        int length = 0;
        for (int i = at; i < _code.Length && !IsInterpreted(i) && (i == at || !_leaders[i]); i += _code[i].Operation == Operation.LoadConstant ? 2 : 1) length++;
        _il.Emit(OpCodes.Ldloc, _budget);
        _il.Emit(OpCodes.Ldc_I8, (long)length);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _budget);
        Label spent = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, _budget);
        _il.Emit(OpCodes.Ldc_I8, 0L);
        _il.Emit(OpCodes.Blt, spent);
        _slowPaths.Add(() =>
        {
            _il.MarkLabel(spent);
            _il.Emit(OpCodes.Ldloc, _budget);
            _il.Emit(OpCodes.Ldc_I8, (long)length);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Stloc, _budget);
            Leave(at);
        });
    }

    private void Leave(int at)
    {
        StoreSlots(at);
        _il.Emit(OpCodes.Ldc_I4, at);
        _il.Emit(OpCodes.Stloc, _next);
        _il.Emit(OpCodes.Br, _leave);
    }

    private void EmitLeave()
    {
        _il.MarkLabel(_leave);
        // R10 is never written.
        for (int i = 0; i < 10; i++) StoreRegister(i);
        StoreBudget();
        _il.Emit(OpCodes.Ldloc, _next);
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>True for what the interpreter does.</summary>
    private bool IsInterpreted(int at)
    {
        DecodedInstruction instruction = _code[at];
        return instruction.Operation switch
        {
            Operation.LoadConstant => _code.Varying.Contains(at),
            Operation.AddressSpaceCast or Operation.GotoConditional or Operation.GotoRegister => true,
            Operation.Atomic or Operation.LoadAcquire or Operation.StoreRelease or Operation.LoadPacket => true,
            Operation.CallHelper or Operation.CallKernelFunction => false,
            >= Operation.CallFunction => true,
            _ => false,
        };
    }

    private void PushRegisterAddress(int register)
    {
        _il.Emit(OpCodes.Ldarg_1);
        if (register == 0) return;
        _il.Emit(OpCodes.Ldc_I4, register * sizeof(ulong));
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void StoreRegister(int register)
    {
        PushRegisterAddress(register);
        _il.Emit(OpCodes.Ldloc, _registers[register]);
        _il.Emit(OpCodes.Stind_I8);
    }

    private void LoadBudget()
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, BudgetField);
        _il.Emit(OpCodes.Stloc, _budget);
    }

    private void StoreBudget()
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldloc, _budget);
        _il.Emit(OpCodes.Stfld, BudgetField);
    }

    private void Get(int register) => _il.Emit(OpCodes.Ldloc, _registers[register]);

    private void Set(int register) => _il.Emit(OpCodes.Stloc, _registers[register]);
}
