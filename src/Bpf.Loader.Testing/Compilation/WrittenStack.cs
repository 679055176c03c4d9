using System;
using System.Collections.Generic;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Compilation;

/// <summary>
/// Which bytes of its stack a function has written before an instruction, whichever way it came there: those need neither be checked before
/// they are read nor noted when they are written again.
/// </summary>
internal sealed class WrittenStack
{
    // A bit for each byte of the stack, in words.
    private const int Words = Executor.StackSize / 64;

    private readonly MachineCode _code;
    private readonly ulong[] _states;
    private readonly bool[] _isReached;
    private readonly Stack<int> _pending = [];

    /// <summary>Follows a program.</summary>
    public WrittenStack(MachineCode code)
    {
        _code = code;
        _states = new ulong[(code.Length + 1) * Words];
        _isReached = new bool[code.Length + 1];
        // An indirect jump may lead anywhere in a program that made its address itself.
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i].Operation == Operation.GotoRegister) return;
        }

        Span<ulong> nothing = stackalloc ulong[Words];
        nothing.Clear();
        Reach(0, nothing);
        if (code.ExceptionCallback >= 0) Reach(code.ExceptionCallback, nothing);
        while (_pending.TryPop(out int at)) Follow(at);
    }

    /// <summary>True when bytes were written in any case.</summary>
    /// <param name="at">The instruction, before which that is.</param>
    /// <param name="offset">The offset of the first byte from R10.</param>
    /// <param name="size">How many bytes.</param>
    public bool Has(int at, int offset, int size)
    {
        for (int i = 0; i < size; i++)
        {
            int bit = offset + Executor.StackSize + i;
            if ((_states[(at * Words) + (bit / 64)] >> (bit % 64) & 1) == 0) return false;
        }

        return true;
    }

    private void Follow(int at)
    {
        Span<ulong> state = stackalloc ulong[Words];
        Span<ulong> nothing = stackalloc ulong[Words];
        nothing.Clear();
        _states.AsSpan(at * Words, Words).CopyTo(state);
        DecodedInstruction i = _code[at];
        switch (i.Operation)
        {
            case Operation.Exit or Operation.Refused:
                return;
            case Operation.Goto:
                Reach(i.Target, state);
                return;
            case Operation.GotoConditional:
            case >= Operation.JumpIfEqualRegister and < Operation.Goto:
                Reach(i.Target, state);
                break;
            case Operation.CallFunction:
                // The function has a stack of its own, and what it writes on this one only adds.
                Reach(i.Target, nothing);
                break;
            case Operation.LoadConstant:
                // A function that may be called back.
                if ((uint)i.Target < (uint)_code.Length && i.Target != at + 2) Reach(i.Target, nothing);
                Reach(Math.Min(at + 2, _code.Length), state);
                return;
            case >= Operation.StoreStack8 and <= Operation.StoreStack64:
                Write(state, i.Target, 1 << (i.Operation - Operation.StoreStack8));
                break;
            case >= Operation.StoreStackImmediate8 and <= Operation.StoreStackImmediate64:
                Write(state, i.Target, 1 << (i.Operation - Operation.StoreStackImmediate8));
                break;
        }

        Reach(at + 1, state);
    }

    private static void Write(Span<ulong> state, int offset, int size)
    {
        for (int i = 0; i < size; i++)
        {
            int bit = offset + Executor.StackSize + i;
            state[bit / 64] |= 1ul << (bit % 64);
        }
    }

    // Where ways meet, only what all of them wrote was written.
    private void Reach(int at, ReadOnlySpan<ulong> state)
    {
        Span<ulong> known = _states.AsSpan(at * Words, Words);
        bool isNew = !_isReached[at];
        if (isNew) state.CopyTo(known);
        for (int i = 0; i < Words; i++)
        {
            ulong both = known[i] & state[i];
            isNew |= both != known[i];
            known[i] = both;
        }

        _isReached[at] = true;
        if (isNew && at < _code.Length) _pending.Push(at);
    }
}
