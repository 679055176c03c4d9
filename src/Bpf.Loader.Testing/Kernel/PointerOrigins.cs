using System;
using System.Collections.Generic;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>
/// Tells which loads go through pointers to kernel objects, whose faults the kernel makes 0 (<c>BPF_PROBE_MEM</c>); through all others
/// they are faults. As the verifier does, it follows what registers and the stack hold along every way through the program; where ways
/// meet, a register may hold what it held on any of them.
/// </summary>
internal sealed unsafe class PointerOrigins
{
    // What a register may hold.
    private const byte KernelPointer = 1, ContextPointer = 2;

    // A state: the registers, then the stack's slots of 8 bytes below R10.
    private const int Registers = 11, Slots = Executor.StackSize / 8, StateSize = Registers + Slots;

    private readonly MachineCode _code;
    private readonly byte[]?[] _states;
    private readonly Stack<int> _pending = [];
    private readonly bool _hasTypedContext;
    private readonly HashSet<int> _kernelVariables = [];

    /// <summary>Follows the pointers of a program.</summary>
    /// <param name="code">The program.</param>
    /// <param name="type">Its type, which says whether its context holds pointers to kernel objects.</param>
    public PointerOrigins(MachineCode code, BpfProgramType type)
    {
        _code = code;
        _states = new byte[]?[_code.Length + 1];
        _hasTypedContext = type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.StructOps or BpfProgramType.Netfilter or BpfProgramType.RawTracepointWritable;
        foreach (BpfReference reference in _code.Relocated?.References ?? [])
        {
            if (reference is { Kind: BpfReferenceKind.KernelSymbol, Extern.IsTypeless: false }) _kernelVariables.Add(reference.Instruction);
        }

        byte[] entry = new byte[StateSize];
        entry[1] = ContextPointer;
        Reach(0, entry);
        while (_pending.TryPop(out int at)) Follow(at);
    }

    /// <summary>True when the base register of a load may be a pointer to a kernel object.</summary>
    public bool IsKernelPointer(int instruction)
    {
        if ((uint)instruction >= (uint)_code.Length) return false;
        DecodedInstruction decoded = _code[instruction];
        // A function that is only called back was not followed.
        return _states[instruction] is { } state ? (state[decoded.Source] & KernelPointer) != 0 : _hasTypedContext;
    }

    private void Follow(int at)
    {
        byte[] state = (byte[])_states[at]!.Clone();
        DecodedInstruction i = _code[at];
        int next = at + 1;
        switch (i.Operation)
        {
            case Operation.Exit or Operation.Refused:
                return;
            case Operation.GotoRegister:
                // Which table its register is from is not followed: it may lead wherever one of them does.
                foreach (int target in _code.JumpTargets) Reach(target, state);
                return;
            case Operation.Goto:
                Reach(i.Target, state);
                return;
            case Operation.GotoConditional:
            case >= Operation.JumpIfEqualRegister and < Operation.Goto:
                Reach(i.Target, state);
                break;
            case Operation.LoadConstant:
                state[i.Destination] = _kernelVariables.Contains(at) ? KernelPointer : (byte)0;
                next = at + 2;
                break;
            case Operation.MoveRegister:
                state[i.Destination] = state[i.Source];
                break;
            case Operation.AddRegister:
                state[i.Destination] |= state[i.Source];
                break;
            case Operation.AddImmediate or Operation.SubtractImmediate or Operation.SubtractRegister:
                break;
            case Operation.Load64:
                state[i.Destination] = Loaded(state[i.Source]);
                break;
            case Operation.LoadStack64:
                state[i.Destination] = state[SlotOf(i.Target)];
                break;
            case Operation.StoreStack64:
                state[SlotOf(i.Target)] = state[i.Source];
                break;
            case >= Operation.StoreStack8 and <= Operation.StoreStack32 or >= Operation.StoreStackImmediate8 and <= Operation.StoreStackImmediate64:
                state[SlotOf(i.Target)] = 0;
                break;
            // The others keep what they return nowhere.
            case Operation.Atomic when ((int)i.Immediate & 1) != 0:
                state[(BpfAtomicOperation)(int)i.Immediate == BpfAtomicOperation.CompareExchange ? 0 : i.Source] = 0;
                break;
            case Operation.CallFunction:
                byte[] callee = new byte[StateSize];
                state.AsSpan(1, 5).CopyTo(callee.AsSpan(1));
                Reach(i.Target, callee);
                // What it returns may be any of its arguments, or found from them.
                byte any = 0;
                for (int argument = 1; argument <= 5; argument++) any |= Loaded(state[argument]);
                state[0] = any;
                break;
            case Operation.CallHelper:
                state[0] = ReturnsKernelPointer((int)i.Immediate) ? KernelPointer : (byte)0;
                break;
            case Operation.CallKernelFunction:
                state[0] = KernelPointer;
                break;
            case Operation.TailCall:
                break;
            case < Operation.JumpIfEqualRegister:
            case >= Operation.Load8 and < Operation.Store8:
            case Operation.LoadAcquire:
                state[i.Destination] = 0;
                break;
        }

        if (next < _code.Length) Reach(next, state);
    }

    private byte Loaded(byte through) =>
        (through & KernelPointer) != 0 || ((through & ContextPointer) != 0 && _hasTypedContext) ? KernelPointer : (byte)0;

    private void Reach(int at, ReadOnlySpan<byte> state)
    {
        if (_states[at] is not { } known)
        {
            _states[at] = state.ToArray();
            _pending.Push(at);
            return;
        }

        bool isNew = false;
        for (int i = 0; i < StateSize; i++)
        {
            byte joined = (byte)(known[i] | state[i]);
            isNew |= joined != known[i];
            known[i] = joined;
        }

        if (isNew) _pending.Push(at);
    }

    private static int SlotOf(int offset) => Registers + ((offset + Executor.StackSize) / 8);

    // Helpers whose results are pointers by BTF (RET_PTR_TO_BTF_ID and its like).
    private static bool ReturnsKernelPointer(int helper) => BpfHelper.GetName(helper) is
        "bpf_get_current_task_btf" or "bpf_task_pt_regs" or "bpf_per_cpu_ptr" or "bpf_this_cpu_ptr" or "bpf_sock_from_file" or "bpf_skc_to_tcp_sock"
        or "bpf_skc_to_tcp6_sock" or "bpf_skc_to_tcp_timewait_sock" or "bpf_skc_to_tcp_request_sock" or "bpf_skc_to_udp6_sock" or "bpf_skc_to_unix_sock"
        or "bpf_skc_to_mptcp_sock" or "bpf_kptr_xchg";
}
