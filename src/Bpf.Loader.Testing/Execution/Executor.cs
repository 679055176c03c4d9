using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Execution;

/// <summary>Runs programs, one at a time: their registers, their stacks, and where they are.</summary>
internal sealed unsafe partial class Executor
{
    /// <summary>The bytes of a function's stack (<c>MAX_BPF_STACK</c>).</summary>
    public const int StackSize = 512;

    // MAX_CALL_FRAMES: functions that a program may be deep in; a tail call out of a function begins a program of its own above it.
    private const int MaximumDepth = 8, MaximumFrames = MaximumDepth * (MaximumTailCalls + 1);

    // Behind the stacks, a byte for each of their bytes: 0xff when it was written.
    internal const int StackShadow = MaximumFrames * StackSize;

    // BPF_MAX_LOOPS of kernel/bpf/verifier.c.
    private const int MaximumMayGoto = 8 * 1024 * 1024;

    private readonly BpfMachine _machine;
    private readonly MachineMemory _memory;
    private readonly byte[] _stacks = MachineMemory.Allocate(2 * StackShadow);
    private readonly byte* _stackBase;
    private readonly Frame[] _frames = new Frame[MaximumFrames];
    private readonly uint[] _stackRegions = new uint[MaximumFrames];
    private readonly ulong[] _tops = new ulong[MaximumFrames];
    private MachineCode? _code;
    private int _instruction;
    private int _depth = -1;
    private int _tailCalls;
    private long _budget;

    /// <summary>Makes the stacks.</summary>
    public Executor(BpfMachine machine, MachineMemory memory)
    {
        _machine = machine;
        _memory = memory;
        _stackBase = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_stacks));
        for (int i = 0; i < MaximumFrames; i++)
        {
            _stackRegions[i] = memory.Add(RegionKind.Stack, _stacks, i * StackSize, StackSize, isWritable: true, null);
            _tops[i] = memory.AddressOf(_stackRegions[i]) + StackSize;
        }
    }

    /// <summary>The context that the running program was given; null when nothing runs.</summary>
    public BpfContext? Context { get; private set; }

    /// <summary>The program that runs.</summary>
    public MachineCode Code => _code!;

    /// <summary>The instruction that runs, while a helper does.</summary>
    public int Instruction => _instruction;

    /// <summary>True while a program runs.</summary>
    public bool IsRunning => _depth >= 0;

    /// <summary>Runs a program from its first instruction.</summary>
    /// <param name="code">The program.</param>
    /// <param name="context">Its context.</param>
    /// <param name="instructions">How many instructions ran.</param>
    /// <returns>What R0 was at the end.</returns>
    /// <exception cref="BpfMachineFault">The program did what the kernel would not let it do.</exception>
    public ulong Run(MachineCode code, BpfContext context, out long instructions) => RunAt(code, 0, [context.Address], context, out instructions);

    /// <summary>Runs a function of a program, outside of a run of it.</summary>
    public ulong RunCallback(MachineCode code, ulong function, ReadOnlySpan<ulong> arguments, BpfContext context) =>
        RunAt(code, (int)(function - code.Address), arguments, context, out _);

    /// <summary>True when an address is that of an instruction of a program.</summary>
    public bool IsFunction(MachineCode code, ulong function) => _memory.Find(function, out long index) is { Kind: RegionKind.Code } info && info.Owner == code && index >= 0 && index < code.Length;

    private ulong RunAt(MachineCode code, int start, ReadOnlySpan<ulong> arguments, BpfContext context, out long instructions)
    {
        if (IsRunning) throw new InvalidOperationException("A machine runs one program at a time: a helper that a test supplies cannot run another.");
        _memory.Recycle();
        CompileIfHot(code);
        long before = _budget = _machine.InstructionBudget;
        Context = context;
        _tailCalls = 0;
        _code = null;
        _instruction = 0;
        try
        {
            ulong result = RunGuarded(code, start, arguments);
            _code = code;
            _machine.EndRun();
            return result;
        }
        catch
        {
            _machine.AbandonRun();
            throw;
        }
        finally
        {
            _depth = -1;
            Context = null;
            code.Executed += instructions = before - _budget;
        }
    }

    /// <summary>Calls a function of the running program, for a helper.</summary>
    /// <param name="function">The address of the function.</param>
    /// <param name="arguments">What R1 to R5 hold.</param>
    public ulong Call(ulong function, params ReadOnlySpan<ulong> arguments)
    {
        if (_memory.Find(function, out long index) is not { Kind: RegionKind.Code, Owner: MachineCode code } || index < 0 || index >= code.Length)
            throw Fault(BpfDiagnosticId.BadHelperArgument, $"calls back 0x{function:x}, which is no function");
        (MachineCode? caller, int at) = (_code, _instruction);
        ulong result = Enter(code, (int)index, arguments);
        _code = caller;
        _instruction = at;
        return result;
    }

    private ulong RunGuarded(MachineCode code, int start, ReadOnlySpan<ulong> arguments)
    {
        try
        {
            return Enter(code, start, arguments);
        }
        catch (ProgramException thrown)
        {
            MachineCode program = _code!;
            _depth = -1;
            return program.ExceptionCallback < 0 ? thrown.Cookie : Enter(program, program.ExceptionCallback, [thrown.Cookie]);
        }
    }

    private ulong Enter(MachineCode code, int at, ReadOnlySpan<ulong> arguments) => _machine.Watch switch
    {
        RunWatch.Coverage => Loop<CoverageHook>(code, at, arguments),
        RunWatch.Trace => Loop<TraceHook>(code, at, arguments),
        _ => code.Compiled is null || _machine.Compilation == BpfCompilation.Never ? Loop<NoHook>(code, at, arguments) : Loop<CompiledHook>(code, at, arguments),
    };

    /// <summary>Begins a frame, whose stack is unwritten.</summary>
    /// <returns>The end of its stack, which R10 points to.</returns>
    private byte* Push(MachineCode? caller, int callSite, int pc)
    {
        int depth = _depth < 0 ? 0 : _frames[_depth].Depth + 1;
        if (depth >= MaximumDepth || _depth + 1 >= MaximumFrames)
            throw Fault(BpfDiagnosticId.TooManyFrames, $"calls functions {MaximumDepth + 1} deep, and the kernel allows {MaximumDepth}", pc);
        ref Frame frame = ref _frames[++_depth];
        frame.Code = caller;
        frame.CallSite = callSite;
        frame.Depth = depth;
        return ResetFrame();
    }

    private byte* ResetFrame()
    {
        _frames[_depth].MayGoto = MaximumMayGoto;
        byte* bottom = _stackBase + (_depth * StackSize);
        new Span<byte>(bottom + StackShadow, StackSize).Clear();
        return bottom + StackSize;
    }

    private byte* Pop() => _stackBase + (_depth-- * StackSize);

    private void SaveRegisters(ulong* r)
    {
        ref Frame frame = ref _frames[_depth];
        (frame.R6, frame.R7, frame.R8, frame.R9) = (r[6], r[7], r[8], r[9]);
    }

    private MachineCode RestoreRegisters(ulong* r, out int next)
    {
        ref Frame frame = ref _frames[_depth];
        (r[6], r[7], r[8], r[9]) = (frame.R6, frame.R7, frame.R8, frame.R9);
        next = frame.CallSite + 1;
        return frame.Code!;
    }
}
