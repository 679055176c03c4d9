using System;
using System.Buffers.Binary;
using System.Reflection.Emit;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Compilation;

internal sealed partial class ProgramCompiler
{
    private void Emit(int at, DecodedInstruction instruction)
    {
        switch (instruction.Operation)
        {
            case <= Operation.ModuloSigned32Immediate:
                EmitArithmetic(instruction);
                break;
            case < Operation.LoadConstant:
                EmitConversion(instruction);
                break;
            case Operation.LoadConstant:
                _il.Emit(OpCodes.Ldc_I8, instruction.Immediate);
                Set(instruction.Destination);
                break;
            case <= Operation.Goto:
                EmitJump(instruction);
                break;
            case Operation.CallHelper or Operation.CallKernelFunction:
                EmitCall(at, instruction);
                break;
            default:
                EmitAccess(at, instruction);
                break;
        }
    }

    // The four forms of an operation follow each other: register, constant, and both for the lower half.
    private static (Operation First, bool Is32, bool IsConstant) FormOf(Operation operation, Operation start)
    {
        int form = (operation - start) % 4;
        return ((Operation)((int)operation - form), form >= 2, form % 2 == 1);
    }

    private void EmitArithmetic(DecodedInstruction instruction)
    {
        (Operation first, bool is32, bool isConstant) = FormOf(instruction.Operation, Operation.AddRegister);
        if (first != Operation.MoveRegister)
        {
            Get(instruction.Destination);
            if (is32) _il.Emit(OpCodes.Conv_U4);
        }

        if (first is Operation.ShiftLeftRegister or Operation.ShiftRightRegister or Operation.ShiftRightSignedRegister) PushShift(instruction, is32, isConstant);
        else PushOperand(instruction, is32, isConstant);
        switch (first)
        {
            case Operation.AddRegister: _il.Emit(OpCodes.Add); break;
            case Operation.SubtractRegister: _il.Emit(OpCodes.Sub); break;
            case Operation.MultiplyRegister: _il.Emit(OpCodes.Mul); break;
            case Operation.OrRegister: _il.Emit(OpCodes.Or); break;
            case Operation.AndRegister: _il.Emit(OpCodes.And); break;
            case Operation.XorRegister: _il.Emit(OpCodes.Xor); break;
            case Operation.ShiftLeftRegister: _il.Emit(OpCodes.Shl); break;
            case Operation.ShiftRightRegister: _il.Emit(OpCodes.Shr_Un); break;
            case Operation.ShiftRightSignedRegister: _il.Emit(OpCodes.Shr); break;
            case Operation.DivideRegister when isConstant: _il.Emit(OpCodes.Div_Un); break;
            case Operation.ModuloRegister when isConstant: _il.Emit(OpCodes.Rem_Un); break;
            case Operation.DivideRegister: Divide(nameof(Division.Unsigned), is32 ? typeof(uint) : typeof(ulong)); break;
            case Operation.ModuloRegister: Divide(nameof(Division.UnsignedRest), is32 ? typeof(uint) : typeof(ulong)); break;
            case Operation.DivideSignedRegister: Divide(nameof(Division.Signed), is32 ? typeof(int) : typeof(long)); break;
            case Operation.ModuloSignedRegister: Divide(nameof(Division.SignedRest), is32 ? typeof(int) : typeof(long)); break;
        }

        if (is32) _il.Emit(OpCodes.Conv_U8);
        Set(instruction.Destination);
    }

    private void Divide(string method, Type type) => _il.Emit(OpCodes.Call, typeof(Division).GetMethod(method, [type, type])!);

    private void PushOperand(DecodedInstruction instruction, bool is32, bool isConstant)
    {
        if (isConstant)
        {
            if (is32) _il.Emit(OpCodes.Ldc_I4, (int)instruction.Immediate);
            else _il.Emit(OpCodes.Ldc_I8, instruction.Immediate);
            return;
        }

        Get(instruction.Source);
        if (is32) _il.Emit(OpCodes.Conv_U4);
    }

    private void PushShift(DecodedInstruction instruction, bool is32, bool isConstant)
    {
        int mask = is32 ? 31 : 63;
        if (isConstant)
        {
            _il.Emit(OpCodes.Ldc_I4, (int)instruction.Immediate & mask);
            return;
        }

        Get(instruction.Source);
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Ldc_I4, mask);
        _il.Emit(OpCodes.And);
    }

    private void EmitConversion(DecodedInstruction instruction)
    {
        Operation operation = instruction.Operation;
        if (operation == Operation.Nothing) return;
        Get(operation is >= Operation.MoveSigned8 and <= Operation.Move32Signed16 ? instruction.Source : instruction.Destination);
        switch (operation)
        {
            case Operation.Negate: _il.Emit(OpCodes.Neg); break;
            case Operation.Negate32: Convert(OpCodes.Conv_I4, OpCodes.Neg, OpCodes.Conv_U8); break;
            case Operation.MoveSigned8: Convert(OpCodes.Conv_I1, OpCodes.Conv_I8); break;
            case Operation.MoveSigned16: Convert(OpCodes.Conv_I2, OpCodes.Conv_I8); break;
            case Operation.MoveSigned32: Convert(OpCodes.Conv_I4, OpCodes.Conv_I8); break;
            case Operation.Move32Signed8: Convert(OpCodes.Conv_I1, OpCodes.Conv_U8); break;
            case Operation.Move32Signed16: Convert(OpCodes.Conv_I2, OpCodes.Conv_U8); break;
            case Operation.Swap16: Swap(OpCodes.Conv_U2, typeof(ushort)); break;
            case Operation.Swap32: Swap(OpCodes.Conv_U4, typeof(uint)); break;
            case Operation.Swap64: _il.Emit(OpCodes.Call, typeof(BinaryPrimitives).GetMethod(nameof(BinaryPrimitives.ReverseEndianness), [typeof(ulong)])!); break;
            case Operation.Zero16: Convert(OpCodes.Conv_U2, OpCodes.Conv_U8); break;
            case Operation.Zero32: Convert(OpCodes.Conv_U4, OpCodes.Conv_U8); break;
            default: throw new InvalidOperationException($"{operation} is the interpreter's.");
        }

        Set(instruction.Destination);
    }

    private void Swap(OpCode cut, Type type)
    {
        _il.Emit(cut);
        _il.Emit(OpCodes.Call, typeof(BinaryPrimitives).GetMethod(nameof(BinaryPrimitives.ReverseEndianness), [type])!);
        _il.Emit(OpCodes.Conv_U8);
    }

    private void Convert(params ReadOnlySpan<OpCode> codes)
    {
        foreach (OpCode code in codes) _il.Emit(code);
    }

    private void EmitJump(DecodedInstruction instruction)
    {
        Label target = _labels[instruction.Target];
        if (instruction.Operation == Operation.Goto)
        {
            _il.Emit(OpCodes.Br, target);
            return;
        }

        (Operation first, bool is32, bool isConstant) = FormOf(instruction.Operation, Operation.JumpIfEqualRegister);
        Get(instruction.Destination);
        if (is32) _il.Emit(OpCodes.Conv_U4);
        PushOperand(instruction, is32, isConstant);
        if (first == Operation.JumpIfAnyBitSetRegister)
        {
            _il.Emit(OpCodes.And);
            _il.Emit(OpCodes.Brtrue, target);
            return;
        }

        _il.Emit(first switch
        {
            Operation.JumpIfEqualRegister => OpCodes.Beq,
            Operation.JumpIfNotEqualRegister => OpCodes.Bne_Un,
            Operation.JumpIfGreaterRegister => OpCodes.Bgt_Un,
            Operation.JumpIfGreaterOrEqualRegister => OpCodes.Bge_Un,
            Operation.JumpIfLessRegister => OpCodes.Blt_Un,
            Operation.JumpIfLessOrEqualRegister => OpCodes.Ble_Un,
            Operation.JumpIfSignedGreaterRegister => OpCodes.Bgt,
            Operation.JumpIfSignedGreaterOrEqualRegister => OpCodes.Bge,
            Operation.JumpIfSignedLessRegister => OpCodes.Blt,
            _ => OpCodes.Ble,
        }, target);
    }
}
