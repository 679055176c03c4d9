using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Bpf.Loader.Instructions;

/// <summary>
/// Finds the instructions that a program can reach, as the verifier sees it: a branch whose outcome follows from constants is taken
/// one way only. Constants are followed through registers, and not through memory.
/// </summary>
internal sealed class BpfReachability
{
    private const int RegisterCount = 11;

    private readonly BpfInstruction[] _code;
    private readonly bool[] _ends;
    private readonly State[] _states;
    private readonly bool[] _reached;
    private readonly Stack<int> _open = new();

    private BpfReachability(BpfInstruction[] code, bool[] ends)
    {
        _code = code;
        _ends = ends;
        _states = new State[code.Length];
        _reached = new bool[code.Length];
    }

    /// <summary>Finds them.</summary>
    /// <param name="code">The program with all its functions, linked.</param>
    /// <param name="ends">Instructions behind which nothing is reached through them, one for each instruction.</param>
    public static bool[] Find(BpfInstruction[] code, bool[] ends)
    {
        var reachability = new BpfReachability(code, ends);
        reachability.Reach(0, default);
        // A state loses what it knows whenever an instruction is looked at again, so that this ends.
        while (reachability._open.TryPop(out int at)) reachability.Step(at);
        return reachability._reached;
    }

    private void Step(int at)
    {
        BpfInstruction instruction = _code[at];
        State state = _states[at];
        if (_ends[at]) return;
        switch (instruction.Class)
        {
            case BpfOpCode.Load when instruction.IsLoadImmediate64:
                if (instruction.IsPseudoFunction) Reach(at + 1L + instruction.Immediate, default);
                if (instruction.Source == 0 && at + 1 < _code.Length) state.Set(instruction.Destination, (uint)instruction.Immediate | ((long)_code[at + 1].Immediate << 32));
                else state.Forget(instruction.Destination);
                Reach(at + 2L, state);
                return;
            case BpfOpCode.Load:
                state.Forget(0);
                break;
            case BpfOpCode.LoadRegister:
                state.Forget(instruction.Destination);
                break;
            case BpfOpCode.StoreRegister when (instruction.Code & BpfOpCode.ModeMask) == BpfOpCode.AtomicMode:
                state.Forget(instruction.Source);
                state.Forget(0);
                state.Forget(instruction.Destination);
                break;
            case BpfOpCode.Alu32 or BpfOpCode.Alu64:
                Compute(ref state, instruction);
                break;
            case BpfOpCode.Jump or BpfOpCode.Jump32:
                Jump(at, instruction, state);
                return;
            default:
                break;
        }

        Reach(at + 1L, state);
    }

    private void Jump(int at, BpfInstruction instruction, State state)
    {
        switch (instruction.Code)
        {
            case BpfOpCode.Exit:
                return;
            case BpfOpCode.Call:
                if (instruction.IsPseudoCall) Reach(at + 1L + instruction.Immediate, default);
                for (int register = 0; register <= 5; register++) state.Forget(register);
                Reach(at + 1L, state);
                return;
            case BpfOpCode.Goto:
                Reach(at + 1L + instruction.Offset, state);
                return;
            case BpfOpCode.GotoLong:
                Reach(at + 1L + instruction.Immediate, state);
                return;
            case BpfOpCode.GotoRegister:
                // Where to is in a table: anywhere.
                for (int i = 0; i < _code.Length; i++) Reach(i, default);
                return;
            default:
                break;
        }

        bool? taken = BpfBranch.Decide(instruction, state[instruction.Destination], (instruction.Code & BpfOpCode.SourceRegister) != 0 ? state[instruction.Source] : instruction.Immediate);
        if (taken != false) Reach(at + 1L + instruction.Offset, state);
        if (taken != true) Reach(at + 1L, state);
    }

    private static void Compute(ref State state, BpfInstruction instruction)
    {
        long? left = state[instruction.Destination];
        long? right = (instruction.Code & BpfOpCode.SourceRegister) != 0 ? state[instruction.Source] : instruction.Immediate;
        long? result = (BpfAluOperation)(instruction.Code & BpfOpCode.OperationMask) switch
        {
            // With an offset, these extend signs or divide with signs.
            _ when instruction.Offset != 0 => null,
            BpfAluOperation.Move => right,
            BpfAluOperation.Add => left + right,
            BpfAluOperation.Subtract => left - right,
            BpfAluOperation.And => left & right,
            BpfAluOperation.Or => left | right,
            BpfAluOperation.Xor => left ^ right,
            BpfAluOperation.ShiftLeft when instruction.Class == BpfOpCode.Alu64 => left is long value && right is long count ? value << (int)(count & 63) : null,
            BpfAluOperation.ShiftRight when instruction.Class == BpfOpCode.Alu64 => left is long value && right is long count ? (long)((ulong)value >> (int)(count & 63)) : null,
            _ => null,
        };
        if (result is not long known) state.Forget(instruction.Destination);
        else state.Set(instruction.Destination, instruction.Class == BpfOpCode.Alu32 ? (uint)known : known);
    }

    private void Reach(long target, State state)
    {
        // A jump out of the program is the verifier's to refuse.
        if (target < 0 || target >= _code.Length) return;
        int at = (int)target;
        bool isNew = !_reached[at];
        if (isNew) _states[at] = state;
        else if (!_states[at].Join(state)) return;
        _reached[at] = true;
        _open.Push(at);
    }

    /// <summary>What is known of the registers.</summary>
    private struct State
    {
        private Values _values;
        private int _known;

        public readonly long? this[int register] => register < RegisterCount && (_known & (1 << register)) != 0 ? _values[register] : null;

        public void Set(int register, long value)
        {
            if (register >= RegisterCount) return;
            _values[register] = value;
            _known |= 1 << register;
        }

        public void Forget(int register) => _known &= ~(1 << register);

        /// <summary>Keeps what both know.</summary>
        /// <returns>True when something was lost.</returns>
        public bool Join(State other)
        {
            int before = _known;
            for (int register = 0; register < RegisterCount; register++)
            {
                if (this[register] != other[register]) Forget(register);
            }

            return _known != before;
        }
    }

    [InlineArray(RegisterCount)]
    private struct Values
    {
        private long _element;
    }
}
