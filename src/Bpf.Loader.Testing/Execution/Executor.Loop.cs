using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    /// <summary>
    /// The interpreter: one jump for each instruction. It allocates nothing, and touches memory only by the pointers that
    /// <see cref="MachineMemory"/> has checked, and by offsets to R10 that the decoder has.
    /// </summary>
    /// <param name="code">The program.</param>
    /// <param name="pc">Its first instruction.</param>
    /// <param name="arguments">What R1 to R5 hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Loop<THook>(MachineCode code, int pc, ReadOnlySpan<ulong> arguments)
        where THook : struct, IStepHook
    {
        ulong* r = stackalloc ulong[11];
        new Span<ulong>(r, 11).Clear();
        arguments.CopyTo(new Span<ulong>(r + 1, 5));
        MachineMemory memory = _memory;
        int entry = _depth + 1;
        byte* stack = Push(_code, _instruction, pc);
        r[10] = _tops[_depth];
        _code = code;
        DecodedInstruction* instructions = code.Instructions;
        long budget = _budget;
        ulong address;
        byte* p;
        while (true)
        {
            if (typeof(THook) == typeof(CompiledHook) && code.Compiled is { } compiled && compiled.Entries[pc] is > 0 and int place)
            {
                _budget = budget;
                pc = compiled.Run(this, r, stack, place);
                budget = _budget;
            }

            DecodedInstruction* i = instructions + pc;
            if (--budget < 0) throw OutOfBudget(pc);
            if (typeof(THook) != typeof(NoHook)) THook.Step(this, code, pc, r);
            switch (i->Operation)
            {
                case Operation.AddRegister: r[i->Destination] = r[i->Destination] + r[i->Source]; pc++; continue;
                case Operation.AddImmediate: r[i->Destination] = r[i->Destination] + (ulong)i->Immediate; pc++; continue;
                case Operation.Add32Register: r[i->Destination] = (uint)r[i->Destination] + (uint)r[i->Source]; pc++; continue;
                case Operation.Add32Immediate: r[i->Destination] = (uint)r[i->Destination] + (uint)i->Immediate; pc++; continue;
                case Operation.SubtractRegister: r[i->Destination] = r[i->Destination] - r[i->Source]; pc++; continue;
                case Operation.SubtractImmediate: r[i->Destination] = r[i->Destination] - (ulong)i->Immediate; pc++; continue;
                case Operation.Subtract32Register: r[i->Destination] = (uint)r[i->Destination] - (uint)r[i->Source]; pc++; continue;
                case Operation.Subtract32Immediate: r[i->Destination] = (uint)r[i->Destination] - (uint)i->Immediate; pc++; continue;
                case Operation.MultiplyRegister: r[i->Destination] = r[i->Destination] * r[i->Source]; pc++; continue;
                case Operation.MultiplyImmediate: r[i->Destination] = r[i->Destination] * (ulong)i->Immediate; pc++; continue;
                case Operation.Multiply32Register: r[i->Destination] = (uint)r[i->Destination] * (uint)r[i->Source]; pc++; continue;
                case Operation.Multiply32Immediate: r[i->Destination] = (uint)r[i->Destination] * (uint)i->Immediate; pc++; continue;
                case Operation.DivideRegister: r[i->Destination] = Division.Unsigned(r[i->Destination], r[i->Source]); pc++; continue;
                case Operation.DivideImmediate: r[i->Destination] = Division.Unsigned(r[i->Destination], (ulong)i->Immediate); pc++; continue;
                case Operation.Divide32Register: r[i->Destination] = Division.Unsigned((uint)r[i->Destination], (uint)r[i->Source]); pc++; continue;
                case Operation.Divide32Immediate: r[i->Destination] = Division.Unsigned((uint)r[i->Destination], (uint)i->Immediate); pc++; continue;
                case Operation.OrRegister: r[i->Destination] = r[i->Destination] | r[i->Source]; pc++; continue;
                case Operation.OrImmediate: r[i->Destination] = r[i->Destination] | (ulong)i->Immediate; pc++; continue;
                case Operation.Or32Register: r[i->Destination] = (uint)r[i->Destination] | (uint)r[i->Source]; pc++; continue;
                case Operation.Or32Immediate: r[i->Destination] = (uint)r[i->Destination] | (uint)i->Immediate; pc++; continue;
                case Operation.AndRegister: r[i->Destination] = r[i->Destination] & r[i->Source]; pc++; continue;
                case Operation.AndImmediate: r[i->Destination] = r[i->Destination] & (ulong)i->Immediate; pc++; continue;
                case Operation.And32Register: r[i->Destination] = (uint)r[i->Destination] & (uint)r[i->Source]; pc++; continue;
                case Operation.And32Immediate: r[i->Destination] = (uint)r[i->Destination] & (uint)i->Immediate; pc++; continue;
                case Operation.ShiftLeftRegister: r[i->Destination] = r[i->Destination] << (int)r[i->Source]; pc++; continue;
                case Operation.ShiftLeftImmediate: r[i->Destination] = r[i->Destination] << (int)(ulong)i->Immediate; pc++; continue;
                case Operation.ShiftLeft32Register: r[i->Destination] = (uint)r[i->Destination] << (int)(uint)r[i->Source]; pc++; continue;
                case Operation.ShiftLeft32Immediate: r[i->Destination] = (uint)r[i->Destination] << (int)(uint)i->Immediate; pc++; continue;
                case Operation.ShiftRightRegister: r[i->Destination] = r[i->Destination] >> (int)r[i->Source]; pc++; continue;
                case Operation.ShiftRightImmediate: r[i->Destination] = r[i->Destination] >> (int)(ulong)i->Immediate; pc++; continue;
                case Operation.ShiftRight32Register: r[i->Destination] = (uint)r[i->Destination] >> (int)(uint)r[i->Source]; pc++; continue;
                case Operation.ShiftRight32Immediate: r[i->Destination] = (uint)r[i->Destination] >> (int)(uint)i->Immediate; pc++; continue;
                case Operation.ModuloRegister: r[i->Destination] = Division.UnsignedRest(r[i->Destination], r[i->Source]); pc++; continue;
                case Operation.ModuloImmediate: r[i->Destination] = Division.UnsignedRest(r[i->Destination], (ulong)i->Immediate); pc++; continue;
                case Operation.Modulo32Register: r[i->Destination] = Division.UnsignedRest((uint)r[i->Destination], (uint)r[i->Source]); pc++; continue;
                case Operation.Modulo32Immediate: r[i->Destination] = Division.UnsignedRest((uint)r[i->Destination], (uint)i->Immediate); pc++; continue;
                case Operation.XorRegister: r[i->Destination] = r[i->Destination] ^ r[i->Source]; pc++; continue;
                case Operation.XorImmediate: r[i->Destination] = r[i->Destination] ^ (ulong)i->Immediate; pc++; continue;
                case Operation.Xor32Register: r[i->Destination] = (uint)r[i->Destination] ^ (uint)r[i->Source]; pc++; continue;
                case Operation.Xor32Immediate: r[i->Destination] = (uint)r[i->Destination] ^ (uint)i->Immediate; pc++; continue;
                case Operation.MoveRegister: r[i->Destination] = r[i->Source]; pc++; continue;
                case Operation.MoveImmediate: r[i->Destination] = (ulong)i->Immediate; pc++; continue;
                case Operation.Move32Register: r[i->Destination] = (uint)r[i->Source]; pc++; continue;
                case Operation.Move32Immediate: r[i->Destination] = (uint)i->Immediate; pc++; continue;
                case Operation.ShiftRightSignedRegister: r[i->Destination] = (ulong)((long)r[i->Destination] >> (int)r[i->Source]); pc++; continue;
                case Operation.ShiftRightSignedImmediate: r[i->Destination] = (ulong)((long)r[i->Destination] >> (int)(ulong)i->Immediate); pc++; continue;
                case Operation.ShiftRightSigned32Register: r[i->Destination] = (uint)((int)r[i->Destination] >> (int)(uint)r[i->Source]); pc++; continue;
                case Operation.ShiftRightSigned32Immediate: r[i->Destination] = (uint)((int)r[i->Destination] >> (int)(uint)i->Immediate); pc++; continue;
                case Operation.DivideSignedRegister: r[i->Destination] = (ulong)Division.Signed((long)r[i->Destination], (long)r[i->Source]); pc++; continue;
                case Operation.DivideSignedImmediate: r[i->Destination] = (ulong)Division.Signed((long)r[i->Destination], (long)(ulong)i->Immediate); pc++; continue;
                case Operation.DivideSigned32Register: r[i->Destination] = (uint)Division.Signed((int)(uint)r[i->Destination], (int)(uint)r[i->Source]); pc++; continue;
                case Operation.DivideSigned32Immediate: r[i->Destination] = (uint)Division.Signed((int)(uint)r[i->Destination], (int)(uint)i->Immediate); pc++; continue;
                case Operation.ModuloSignedRegister: r[i->Destination] = (ulong)Division.SignedRest((long)r[i->Destination], (long)r[i->Source]); pc++; continue;
                case Operation.ModuloSignedImmediate: r[i->Destination] = (ulong)Division.SignedRest((long)r[i->Destination], (long)(ulong)i->Immediate); pc++; continue;
                case Operation.ModuloSigned32Register: r[i->Destination] = (uint)Division.SignedRest((int)(uint)r[i->Destination], (int)(uint)r[i->Source]); pc++; continue;
                case Operation.ModuloSigned32Immediate: r[i->Destination] = (uint)Division.SignedRest((int)(uint)r[i->Destination], (int)(uint)i->Immediate); pc++; continue;
                case Operation.Negate: r[i->Destination] = (ulong)-(long)r[i->Destination]; pc++; continue;
                case Operation.Negate32: r[i->Destination] = (uint)-(int)r[i->Destination]; pc++; continue;
                case Operation.MoveSigned8: r[i->Destination] = (ulong)(sbyte)r[i->Source]; pc++; continue;
                case Operation.MoveSigned16: r[i->Destination] = (ulong)(short)r[i->Source]; pc++; continue;
                case Operation.MoveSigned32: r[i->Destination] = (ulong)(int)r[i->Source]; pc++; continue;
                case Operation.Move32Signed8: r[i->Destination] = (uint)(sbyte)r[i->Source]; pc++; continue;
                case Operation.Move32Signed16: r[i->Destination] = (uint)(short)r[i->Source]; pc++; continue;
                case Operation.Swap16: r[i->Destination] = BinaryPrimitives.ReverseEndianness((ushort)r[i->Destination]); pc++; continue;
                case Operation.Swap32: r[i->Destination] = BinaryPrimitives.ReverseEndianness((uint)r[i->Destination]); pc++; continue;
                case Operation.Swap64: r[i->Destination] = BinaryPrimitives.ReverseEndianness(r[i->Destination]); pc++; continue;
                case Operation.Zero16: r[i->Destination] = (ushort)r[i->Destination]; pc++; continue;
                case Operation.Zero32: r[i->Destination] = (uint)r[i->Destination]; pc++; continue;
                case Operation.Nothing: pc++; continue;
                case Operation.AddressSpaceCast: r[i->Destination] = CastAddress(r[i->Source]); pc++; continue;
                case Operation.LoadConstant: r[i->Destination] = (ulong)i->Immediate; pc += 2; continue;
                case Operation.JumpIfEqualRegister: pc = r[i->Destination] == r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfEqualImmediate: pc = r[i->Destination] == (ulong)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32EqualRegister: pc = (uint)r[i->Destination] == (uint)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32EqualImmediate: pc = (uint)r[i->Destination] == (uint)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfGreaterRegister: pc = r[i->Destination] > r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfGreaterImmediate: pc = r[i->Destination] > (ulong)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32GreaterRegister: pc = (uint)r[i->Destination] > (uint)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32GreaterImmediate: pc = (uint)r[i->Destination] > (uint)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfGreaterOrEqualRegister: pc = r[i->Destination] >= r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfGreaterOrEqualImmediate: pc = r[i->Destination] >= (ulong)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32GreaterOrEqualRegister: pc = (uint)r[i->Destination] >= (uint)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32GreaterOrEqualImmediate: pc = (uint)r[i->Destination] >= (uint)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfAnyBitSetRegister: pc = (r[i->Destination] & r[i->Source]) != 0 ? i->Target : pc + 1; continue;
                case Operation.JumpIfAnyBitSetImmediate: pc = (r[i->Destination] & (ulong)i->Immediate) != 0 ? i->Target : pc + 1; continue;
                case Operation.JumpIf32AnyBitSetRegister: pc = ((uint)r[i->Destination] & (uint)r[i->Source]) != 0 ? i->Target : pc + 1; continue;
                case Operation.JumpIf32AnyBitSetImmediate: pc = ((uint)r[i->Destination] & (uint)i->Immediate) != 0 ? i->Target : pc + 1; continue;
                case Operation.JumpIfNotEqualRegister: pc = r[i->Destination] != r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfNotEqualImmediate: pc = r[i->Destination] != (ulong)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32NotEqualRegister: pc = (uint)r[i->Destination] != (uint)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32NotEqualImmediate: pc = (uint)r[i->Destination] != (uint)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedGreaterRegister: pc = (long)r[i->Destination] > (long)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedGreaterImmediate: pc = (long)r[i->Destination] > i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedGreaterRegister: pc = (int)r[i->Destination] > (int)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedGreaterImmediate: pc = (int)r[i->Destination] > (int)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedGreaterOrEqualRegister: pc = (long)r[i->Destination] >= (long)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedGreaterOrEqualImmediate: pc = (long)r[i->Destination] >= i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedGreaterOrEqualRegister: pc = (int)r[i->Destination] >= (int)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedGreaterOrEqualImmediate: pc = (int)r[i->Destination] >= (int)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfLessRegister: pc = r[i->Destination] < r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfLessImmediate: pc = r[i->Destination] < (ulong)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32LessRegister: pc = (uint)r[i->Destination] < (uint)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32LessImmediate: pc = (uint)r[i->Destination] < (uint)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfLessOrEqualRegister: pc = r[i->Destination] <= r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfLessOrEqualImmediate: pc = r[i->Destination] <= (ulong)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32LessOrEqualRegister: pc = (uint)r[i->Destination] <= (uint)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32LessOrEqualImmediate: pc = (uint)r[i->Destination] <= (uint)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedLessRegister: pc = (long)r[i->Destination] < (long)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedLessImmediate: pc = (long)r[i->Destination] < i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedLessRegister: pc = (int)r[i->Destination] < (int)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedLessImmediate: pc = (int)r[i->Destination] < (int)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedLessOrEqualRegister: pc = (long)r[i->Destination] <= (long)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIfSignedLessOrEqualImmediate: pc = (long)r[i->Destination] <= i->Immediate ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedLessOrEqualRegister: pc = (int)r[i->Destination] <= (int)r[i->Source] ? i->Target : pc + 1; continue;
                case Operation.JumpIf32SignedLessOrEqualImmediate: pc = (int)r[i->Destination] <= (int)i->Immediate ? i->Target : pc + 1; continue;
                case Operation.Goto: pc = i->Target; continue;
                case Operation.GotoConditional: pc = --_frames[_depth].MayGoto < 0 ? i->Target : pc + 1; continue;
                case Operation.GotoRegister: pc = FindJumpTarget(code, r[i->Destination], pc); continue;
                case Operation.Load8:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 1);
                    r[i->Destination] = p != null ? *(byte*)p : LoadSlowly(address, 1, pc);
                    pc++;
                    continue;
                case Operation.Load16:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 2);
                    r[i->Destination] = p != null ? *(ushort*)p : LoadSlowly(address, 2, pc);
                    pc++;
                    continue;
                case Operation.Load32:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 4);
                    r[i->Destination] = p != null ? *(uint*)p : LoadSlowly(address, 4, pc);
                    pc++;
                    continue;
                case Operation.Load64:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 8);
                    r[i->Destination] = p != null ? *(ulong*)p : LoadSlowly(address, 8, pc);
                    pc++;
                    continue;
                case Operation.LoadSigned8:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 1);
                    r[i->Destination] = p != null ? (ulong)*(sbyte*)p : (ulong)(sbyte)LoadSlowly(address, 1, pc);
                    pc++;
                    continue;
                case Operation.LoadSigned16:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 2);
                    r[i->Destination] = p != null ? (ulong)*(short*)p : (ulong)(short)LoadSlowly(address, 2, pc);
                    pc++;
                    continue;
                case Operation.LoadSigned32:
                    address = r[i->Source] + (ulong)i->Immediate;
                    p = memory.TryRead(address, 4);
                    r[i->Destination] = p != null ? (ulong)*(int*)p : (ulong)(int)LoadSlowly(address, 4, pc);
                    pc++;
                    continue;
                case Operation.LoadStack8:
                    p = stack + i->Target;
                    if (*(byte*)(p + StackShadow) != byte.MaxValue) CheckStack(p, 1, pc);
                    r[i->Destination] = *(byte*)p;
                    pc++;
                    continue;
                case Operation.LoadStack16:
                    p = stack + i->Target;
                    if (*(ushort*)(p + StackShadow) != ushort.MaxValue) CheckStack(p, 2, pc);
                    r[i->Destination] = *(ushort*)p;
                    pc++;
                    continue;
                case Operation.LoadStack32:
                    p = stack + i->Target;
                    if (*(uint*)(p + StackShadow) != uint.MaxValue) CheckStack(p, 4, pc);
                    r[i->Destination] = *(uint*)p;
                    pc++;
                    continue;
                case Operation.LoadStack64:
                    p = stack + i->Target;
                    if (*(ulong*)(p + StackShadow) != ulong.MaxValue) CheckStack(p, 8, pc);
                    r[i->Destination] = *(ulong*)p;
                    pc++;
                    continue;
                case Operation.LoadStackSigned8:
                    p = stack + i->Target;
                    if (*(byte*)(p + StackShadow) != byte.MaxValue) CheckStack(p, 1, pc);
                    r[i->Destination] = (ulong)*(sbyte*)p;
                    pc++;
                    continue;
                case Operation.LoadStackSigned16:
                    p = stack + i->Target;
                    if (*(ushort*)(p + StackShadow) != ushort.MaxValue) CheckStack(p, 2, pc);
                    r[i->Destination] = (ulong)*(short*)p;
                    pc++;
                    continue;
                case Operation.LoadStackSigned32:
                    p = stack + i->Target;
                    if (*(uint*)(p + StackShadow) != uint.MaxValue) CheckStack(p, 4, pc);
                    r[i->Destination] = (ulong)*(int*)p;
                    pc++;
                    continue;
                case Operation.Store8:
                    address = r[i->Destination] + (ulong)i->Immediate;
                    p = memory.TryWrite(address, 1);
                    if (p != null) *(byte*)p = (byte)r[i->Source];
                    else StoreSlowly(address, 1, (byte)r[i->Source], pc);
                    pc++;
                    continue;
                case Operation.StoreStack8:
                    p = stack + i->Target;
                    *(byte*)p = (byte)r[i->Source];
                    *(byte*)(p + StackShadow) = byte.MaxValue;
                    pc++;
                    continue;
                case Operation.Store16:
                    address = r[i->Destination] + (ulong)i->Immediate;
                    p = memory.TryWrite(address, 2);
                    if (p != null) *(ushort*)p = (ushort)r[i->Source];
                    else StoreSlowly(address, 2, (ushort)r[i->Source], pc);
                    pc++;
                    continue;
                case Operation.StoreStack16:
                    p = stack + i->Target;
                    *(ushort*)p = (ushort)r[i->Source];
                    *(ushort*)(p + StackShadow) = ushort.MaxValue;
                    pc++;
                    continue;
                case Operation.Store32:
                    address = r[i->Destination] + (ulong)i->Immediate;
                    p = memory.TryWrite(address, 4);
                    if (p != null) *(uint*)p = (uint)r[i->Source];
                    else StoreSlowly(address, 4, (uint)r[i->Source], pc);
                    pc++;
                    continue;
                case Operation.StoreStack32:
                    p = stack + i->Target;
                    *(uint*)p = (uint)r[i->Source];
                    *(uint*)(p + StackShadow) = uint.MaxValue;
                    pc++;
                    continue;
                case Operation.Store64:
                    address = r[i->Destination] + (ulong)i->Immediate;
                    p = memory.TryWrite(address, 8);
                    if (p != null) *(ulong*)p = r[i->Source];
                    else StoreSlowly(address, 8, r[i->Source], pc);
                    pc++;
                    continue;
                case Operation.StoreStack64:
                    p = stack + i->Target;
                    *(ulong*)p = r[i->Source];
                    *(ulong*)(p + StackShadow) = ulong.MaxValue;
                    pc++;
                    continue;
                case Operation.StoreImmediate8:
                    address = r[i->Destination] + (ulong)i->Target;
                    p = memory.TryWrite(address, 1);
                    if (p != null) *(byte*)p = (byte)i->Immediate;
                    else StoreSlowly(address, 1, (byte)i->Immediate, pc);
                    pc++;
                    continue;
                case Operation.StoreStackImmediate8:
                    p = stack + i->Target;
                    *(byte*)p = (byte)i->Immediate;
                    *(byte*)(p + StackShadow) = byte.MaxValue;
                    pc++;
                    continue;
                case Operation.StoreImmediate16:
                    address = r[i->Destination] + (ulong)i->Target;
                    p = memory.TryWrite(address, 2);
                    if (p != null) *(ushort*)p = (ushort)i->Immediate;
                    else StoreSlowly(address, 2, (ushort)i->Immediate, pc);
                    pc++;
                    continue;
                case Operation.StoreStackImmediate16:
                    p = stack + i->Target;
                    *(ushort*)p = (ushort)i->Immediate;
                    *(ushort*)(p + StackShadow) = ushort.MaxValue;
                    pc++;
                    continue;
                case Operation.StoreImmediate32:
                    address = r[i->Destination] + (ulong)i->Target;
                    p = memory.TryWrite(address, 4);
                    if (p != null) *(uint*)p = (uint)i->Immediate;
                    else StoreSlowly(address, 4, (uint)i->Immediate, pc);
                    pc++;
                    continue;
                case Operation.StoreStackImmediate32:
                    p = stack + i->Target;
                    *(uint*)p = (uint)i->Immediate;
                    *(uint*)(p + StackShadow) = uint.MaxValue;
                    pc++;
                    continue;
                case Operation.StoreImmediate64:
                    address = r[i->Destination] + (ulong)i->Target;
                    p = memory.TryWrite(address, 8);
                    if (p != null) *(ulong*)p = (ulong)i->Immediate;
                    else StoreSlowly(address, 8, (ulong)i->Immediate, pc);
                    pc++;
                    continue;
                case Operation.StoreStackImmediate64:
                    p = stack + i->Target;
                    *(ulong*)p = (ulong)i->Immediate;
                    *(ulong*)(p + StackShadow) = ulong.MaxValue;
                    pc++;
                    continue;
                case Operation.Atomic: Atomic(i, r, pc); pc++; continue;
                case Operation.LoadAcquire:
                    r[i->Destination] = Load(r[i->Source] + (ulong)i->Target, (uint)i->Immediate, pc);
                    pc++;
                    continue;
                case Operation.StoreRelease:
                    Store(r[i->Destination] + (ulong)i->Target, (uint)i->Immediate, r[i->Source], pc);
                    pc++;
                    continue;
                case Operation.CallHelper:
                    _budget = budget;
                    _instruction = pc;
                    r[0] = CallHelper((int)i->Immediate, r);
                    budget = _budget;
                    pc++;
                    continue;
                case Operation.CallKernelFunction:
                    _budget = budget;
                    _instruction = pc;
                    r[0] = CallKernelFunction(code, i->Immediate, r);
                    budget = _budget;
                    pc++;
                    continue;
                case Operation.CallFunction:
                    stack = Push(code, pc, pc);
                    SaveRegisters(r);
                    r[10] = _tops[_depth];
                    pc = i->Target;
                    continue;
                case Operation.TailCall:
                    _instruction = pc;
                    if (FindTailCall(r) is { } next)
                    {
                        _code = code = next;
                        instructions = code.Instructions;
                        ResetFrame();
                        _frames[_depth].Depth = 0;
                        pc = 0;
                    }
                    else
                    {
                        pc++;
                    }

                    continue;
                case Operation.LoadPacket:
                    if (TryLoadPacket(i, r, pc))
                    {
                        pc++;
                        continue;
                    }

                    // The kernel ends the function with 0 when the packet is shorter.
                    r[0] = 0;
                    goto case Operation.Exit;
                case Operation.Exit:
                    if (_depth == entry)
                    {
                        _budget = budget;
                        Pop();
                        return r[0];
                    }

                    code = RestoreRegisters(r, out pc);
                    stack = Pop();
                    r[10] = _tops[_depth];
                    _code = code;
                    instructions = code.Instructions;
                    continue;
                default:
                    throw BadInstruction(pc);
            }
        }
    }
}
