using System.Collections.Generic;
using System.Reflection.Emit;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Compilation;

internal sealed unsafe partial class ProgramCompiler
{
    private readonly Dictionary<int, LocalBuilder> _slots = [];
    private readonly StackSlots _slotSizes;

    private void EmitStackLoad(int at, DecodedInstruction instruction)
    {
        bool isSigned = instruction.Operation >= Operation.LoadStackSigned8;
        int log = instruction.Operation - (isSigned ? Operation.LoadStackSigned8 : Operation.LoadStack8);
        if (_slots.TryGetValue(instruction.Target, out LocalBuilder? slot))
        {
            _il.Emit(OpCodes.Ldloc, slot);
            if (isSigned) Convert(Cut(log, isSigned: true), OpCodes.Conv_I8);
            Set(instruction.Destination);
            return;
        }

        if (!_written.Has(at, instruction.Target, 1 << log)) EmitStackCheck(at, instruction.Target, log);
        PushStack(instruction.Target);
        _il.Emit(LoadCode(log, isSigned));
        if (log < 3) _il.Emit(isSigned ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        Set(instruction.Destination);
    }

    private void EmitStackCheck(int at, int offset, int log)
    {
        Label slow = _il.DefineLabel(), written = _il.DefineLabel();
        // The shadow has 0xff for each byte that was written.
        PushStack(offset + Executor.StackShadow);
        _il.Emit(LoadCode(log, isSigned: true));
        if (log < 3) _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Ldc_I8, -1L);
        _il.Emit(OpCodes.Bne_Un, slow);
        _il.MarkLabel(written);
        _slowPaths.Add(() =>
        {
            _il.MarkLabel(slow);
            _il.Emit(OpCodes.Ldarg_0);
            PushStack(offset);
            _il.Emit(OpCodes.Ldc_I4, 1 << log);
            _il.Emit(OpCodes.Ldc_I4, at);
            _il.Emit(OpCodes.Call, CheckStack);
            _il.Emit(OpCodes.Br, written);
        });
    }

    private void EmitStackStore(int at, DecodedInstruction instruction, int log, bool isConstant)
    {
        if (_slots.TryGetValue(instruction.Target, out LocalBuilder? slot))
        {
            PushStored(instruction, isConstant);
            if (log < 3) Convert(Cut(log, isSigned: false), OpCodes.Conv_U8);
            _il.Emit(OpCodes.Stloc, slot);
            return;
        }

        PushStack(instruction.Target);
        PushStored(instruction, isConstant);
        _il.Emit(StoreCode(log));
        if (!_written.Has(at, instruction.Target, 1 << log)) EmitShadow(instruction.Target, log);
    }

    private void EmitShadow(int offset, int log)
    {
        PushStack(offset + Executor.StackShadow);
        _il.Emit(OpCodes.Ldc_I8, -1L);
        _il.Emit(StoreCode(log));
    }

    /// <summary>Brings what local variables hold to the stack, before the interpreter goes on at an instruction.</summary>
    private void StoreSlots(int at)
    {
        foreach ((int offset, LocalBuilder slot) in _slots)
        {
            // What was not written on every way is written again before it is read.
            if (!_written.Has(at, offset, _slotSizes.Sizes[offset])) continue;
            int log = System.Numerics.BitOperations.Log2((uint)_slotSizes.Sizes[offset]);
            PushStack(offset);
            _il.Emit(OpCodes.Ldloc, slot);
            _il.Emit(StoreCode(log));
            EmitShadow(offset, log);
        }
    }

    /// <summary>Takes it from there, where the interpreter hands over.</summary>
    private void LoadSlots(int at)
    {
        foreach ((int offset, LocalBuilder slot) in _slots)
        {
            if (!_written.Has(at, offset, _slotSizes.Sizes[offset])) continue;
            int log = System.Numerics.BitOperations.Log2((uint)_slotSizes.Sizes[offset]);
            PushStack(offset);
            _il.Emit(LoadCode(log, isSigned: false));
            if (log < 3) _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Stloc, slot);
        }
    }

    private static OpCode Cut(int log, bool isSigned) => (log, isSigned) switch
    {
        (0, true) => OpCodes.Conv_I1,
        (0, false) => OpCodes.Conv_U1,
        (1, true) => OpCodes.Conv_I2,
        (1, false) => OpCodes.Conv_U2,
        (_, true) => OpCodes.Conv_I4,
        _ => OpCodes.Conv_U4,
    };
}
