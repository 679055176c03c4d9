using System;
using System.Reflection;
using System.Reflection.Emit;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Compilation;

internal sealed unsafe partial class ProgramCompiler
{
    private static readonly MethodInfo LoadSlowly = typeof(Executor).GetMethod("LoadSlowly", Any)!;
    private static readonly MethodInfo StoreSlowly = typeof(Executor).GetMethod("StoreSlowly", Any)!;
    private static readonly MethodInfo CheckStack = typeof(Executor).GetMethod("CheckStack", Any)!;
    private static readonly MethodInfo CallHelper = typeof(Executor).GetMethod("CallHelper", Any)!;
    private static readonly MethodInfo CallKernelFunction = typeof(Executor).GetMethod("CallKernelFunction", Any)!;
    private static readonly MethodInfo RunningCode = typeof(Executor).GetProperty(nameof(Executor.Code), Any)!.GetMethod!;

    private void EmitAccess(int at, DecodedInstruction instruction)
    {
        switch (instruction.Operation)
        {
            case <= Operation.LoadSigned32:
                EmitLoad(at, instruction);
                break;
            case <= Operation.LoadStackSigned32:
                EmitStackLoad(at, instruction);
                break;
            case <= Operation.Store64:
                EmitStore(at, instruction, instruction.Operation - Operation.Store8, isConstant: false, instruction.Immediate);
                break;
            case <= Operation.StoreStack64:
                EmitStackStore(at, instruction, instruction.Operation - Operation.StoreStack8, isConstant: false);
                break;
            case <= Operation.StoreImmediate64:
                EmitStore(at, instruction, instruction.Operation - Operation.StoreImmediate8, isConstant: true, instruction.Target);
                break;
            case <= Operation.StoreStackImmediate64:
                EmitStackStore(at, instruction, instruction.Operation - Operation.StoreStackImmediate8, isConstant: true);
                break;
            default:
                throw new InvalidOperationException($"{instruction.Operation} is the interpreter's.");
        }
    }

    private void EmitLoad(int at, DecodedInstruction instruction)
    {
        bool isSigned = instruction.Operation >= Operation.LoadSigned8;
        int log = instruction.Operation - (isSigned ? Operation.LoadSigned8 : Operation.Load8);
        Label slow = _il.DefineLabel(), done = _il.DefineLabel();
        PushChecked(instruction.Source, instruction.Immediate, 1 << log, nameof(Region.ReadLimit), slow);
        _il.Emit(LoadCode(log, isSigned));
        if (log < 3) _il.Emit(isSigned ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        Set(instruction.Destination);
        _il.MarkLabel(done);
        _slowPaths.Add(() =>
        {
            _il.MarkLabel(slow);
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldloc, _address);
            _il.Emit(OpCodes.Ldc_I4, 1 << log);
            _il.Emit(OpCodes.Ldc_I4, at);
            _il.Emit(OpCodes.Call, LoadSlowly);
            if (isSigned) Convert(log switch { 0 => OpCodes.Conv_I1, 1 => OpCodes.Conv_I2, _ => OpCodes.Conv_I4 }, OpCodes.Conv_I8);
            Set(instruction.Destination);
            LoadRegions();
            _il.Emit(OpCodes.Br, done);
        });
    }

    private void EmitStore(int at, DecodedInstruction instruction, int log, bool isConstant, long offset)
    {
        Label slow = _il.DefineLabel(), done = _il.DefineLabel();
        PushChecked(instruction.Destination, offset, 1 << log, nameof(Region.WriteLimit), slow);
        PushStored(instruction, isConstant);
        _il.Emit(StoreCode(log));
        _il.MarkLabel(done);
        _slowPaths.Add(() =>
        {
            _il.MarkLabel(slow);
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldloc, _address);
            _il.Emit(OpCodes.Ldc_I4, 1 << log);
            PushStored(instruction, isConstant);
            if (log < 3) Convert(log switch { 0 => OpCodes.Conv_U1, 1 => OpCodes.Conv_U2, _ => OpCodes.Conv_U4 }, OpCodes.Conv_U8);
            _il.Emit(OpCodes.Ldc_I4, at);
            _il.Emit(OpCodes.Call, StoreSlowly);
            LoadRegions();
            _il.Emit(OpCodes.Br, done);
        });
    }

    /// <summary>Pushes the pointer to bytes that may be accessed; see <see cref="MachineMemory.TryRead"/>.</summary>
    private void PushChecked(int register, long offset, int size, string limit, Label slow)
    {
        Get(register);
        _il.Emit(OpCodes.Ldc_I8, offset);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _address);
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Ldc_I4, 32);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_U4);
        _il.Emit(OpCodes.Ldc_I4, unchecked((int)MachineMemory.KernelHalf));
        _il.Emit(OpCodes.Xor);
        _il.Emit(OpCodes.Stloc, _index);
        _il.Emit(OpCodes.Ldloc, _index);
        _il.Emit(OpCodes.Ldloc, _count);
        _il.Emit(OpCodes.Bge_Un, slow);
        _il.Emit(OpCodes.Ldloc, _regions);
        _il.Emit(OpCodes.Ldloc, _index);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Ldc_I4, sizeof(Region));
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _region);
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Conv_U4);
        _il.Emit(OpCodes.Ldc_I4, unchecked((int)MachineMemory.Guard));
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _offset);
        _il.Emit(OpCodes.Ldloc, _offset);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Ldc_I8, (long)size);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldloc, _region);
        _il.Emit(OpCodes.Ldfld, typeof(Region).GetField(limit)!);
        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Bgt_Un, slow);
        _il.Emit(OpCodes.Ldloc, _region);
        _il.Emit(OpCodes.Ldfld, typeof(Region).GetField(nameof(Region.Base))!);
        _il.Emit(OpCodes.Ldloc, _offset);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
    }

    private void EmitCall(int at, DecodedInstruction instruction)
    {
        for (int i = 1; i <= 5; i++) StoreRegister(i);
        StoreBudget();
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldc_I4, at);
        _il.Emit(OpCodes.Stfld, InstructionField);
        _il.Emit(OpCodes.Ldarg_0);
        if (instruction.Operation == Operation.CallHelper)
        {
            _il.Emit(OpCodes.Ldc_I4, (int)instruction.Immediate);
            _il.Emit(OpCodes.Ldarg_1);
            _il.Emit(OpCodes.Call, CallHelper);
        }
        else
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, RunningCode);
            _il.Emit(OpCodes.Ldc_I8, instruction.Immediate);
            _il.Emit(OpCodes.Ldarg_1);
            _il.Emit(OpCodes.Call, CallKernelFunction);
        }

        Set(0);
        LoadBudget();
        LoadRegions();
    }

    // The table grows, and moves then.
    private void LoadRegions()
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, MemoryField);
        _il.Emit(OpCodes.Ldfld, RegionsField);
        _il.Emit(OpCodes.Stloc, _regions);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, MemoryField);
        _il.Emit(OpCodes.Ldfld, CountField);
        _il.Emit(OpCodes.Stloc, _count);
    }

    private void PushStack(int offset)
    {
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Ldc_I4, offset);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void PushStored(DecodedInstruction instruction, bool isConstant)
    {
        if (isConstant) _il.Emit(OpCodes.Ldc_I8, instruction.Immediate);
        else Get(instruction.Source);
    }

    private static OpCode LoadCode(int log, bool isSigned) => (log, isSigned) switch
    {
        (0, false) => OpCodes.Ldind_U1,
        (0, true) => OpCodes.Ldind_I1,
        (1, false) => OpCodes.Ldind_U2,
        (1, true) => OpCodes.Ldind_I2,
        (2, false) => OpCodes.Ldind_U4,
        (2, true) => OpCodes.Ldind_I4,
        _ => OpCodes.Ldind_I8,
    };

    private static OpCode StoreCode(int log) => log switch { 0 => OpCodes.Stind_I1, 1 => OpCodes.Stind_I2, 2 => OpCodes.Stind_I4, _ => OpCodes.Stind_I8 };
}
