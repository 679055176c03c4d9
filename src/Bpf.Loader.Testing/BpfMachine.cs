using System;
using System.Collections.Generic;
using Bpf.Loader.Logging;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Helpers;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>
/// A machine in user space that runs the programs of BPF objects: with their maps, helpers, contexts and kernel objects, on any OS and
/// without privilege. Time, random numbers, the CPU and the current task are the test's.
/// </summary>
/// <remarks>A machine is for one thread at a time.</remarks>
public sealed partial class BpfMachine
{
    private readonly List<string> _trace = [];
    private BpfContext? _lastOwn;

    /// <summary>Makes a machine.</summary>
    /// <param name="kernelTypes">The types of the kernel that it stands for; null for <see cref="KernelTypes.Linux_6_12"/>.</param>
    public BpfMachine(KernelTypes? kernelTypes = null)
    {
        Types = kernelTypes ?? KernelTypes.Linux_6_12;
        Memory = new MachineMemory();
        Executor = new Executor(this, Memory);
        Objects = new LocalObjects(Memory, Timers);
        Kernel = new MachineKernel(this);
        User = new UserMemory(Memory);
        HelperCatalog.AddTo(Helpers);
        KernelFunctionCatalog.AddTo(KernelFunctions);
        Helpers.Complete();
        KernelFunctions.Complete();
    }

    /// <summary>The types of the kernel.</summary>
    public KernelTypes Types { get; }

    /// <summary>The kernel: its objects, variables and configuration.</summary>
    public MachineKernel Kernel { get; }

    /// <summary>The memory of processes, for programs that read arguments and strings of them.</summary>
    public UserMemory User { get; }

    /// <summary>The helpers.</summary>
    public BpfHelperTable Helpers { get; } = new();

    /// <summary>The kernel functions.</summary>
    public BpfKernelFunctionTable KernelFunctions { get; } = new();

    /// <summary>What <c>bpf_printk</c> printed, a line a call.</summary>
    public IReadOnlyList<string> TraceOutput => _trace;

    /// <summary>How many instructions a run may take; 16 million by default.</summary>
    public long InstructionBudget { get; set; } = 16_000_000;

    /// <summary>
    /// True to let programs read bytes of their stacks that they have not written, which are 0 then. The kernel lets privileged programs
    /// do so since 6.3; without it, the default, it is a fault.
    /// </summary>
    public bool AllowUninitialisedStack { get; set; }

    /// <summary>How many CPUs the machine has, for maps with a value a CPU; 4 by default. Set before objects are loaded.</summary>
    public int CpuCount { get; init; } = 4;

    /// <summary>The CPU that programs run on.</summary>
    public int Cpu
    {
        get;
        set => field = value >= 0 && value < CpuCount ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"The machine has {CpuCount} CPUs.");
    }

    /// <summary>What <c>bpf_ktime_get_ns</c> gives, in nanoseconds; 1 s by default.</summary>
    public ulong Nanoseconds { get; set; } = 1_000_000_000;

    /// <summary>How much time goes by with each look at the clock, in nanoseconds; 0 by default.</summary>
    public ulong NanosecondsPerLook { get; set; }

    /// <summary>Gives random numbers; by default the same in each machine.</summary>
    public Func<uint> Random { get; set; } = SeededRandom(1);

    /// <summary>The current task, a <c>task_struct</c>; null for a process of which only what <see cref="Process"/> tells is known.</summary>
    public KernelObject? Current { get; set; }

    /// <summary>The current process, where <see cref="Current"/> does not tell.</summary>
    public MachineProcess Process { get; set; } = new();

    internal MachineMemory Memory { get; }

    internal Executor Executor { get; }

    internal LocalObjects Objects { get; }

    internal RunWatch Watch => Tracer is not null ? RunWatch.Trace : Coverage is not null ? RunWatch.Coverage : RunWatch.None;

    /// <summary>
    /// Links and relocates the programs of an object against the machine's types, and makes its maps. What concerns one program only is
    /// thrown when that one is run.
    /// </summary>
    /// <param name="file">The object; changes to it afterwards count no more.</param>
    /// <exception cref="BpfFormatException">The relocation records of the object are malformed.</exception>
    /// <exception cref="NotSupportedException">The object is for machines of the other byte order, or has maps of a type that the machine lacks, or such as no kernel takes.</exception>
    public BpfMachineObject Load(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.IsForeignEndian) throw new NotSupportedException($"{file.Name} is for machines of the other byte order, and the machine computes in that of this one.");
        var loaded = new BpfMachineObject(this, BpfLog.Number(file));
        Coverage?.Add(loaded);
        return loaded;
    }

    /// <summary>Forgets what <c>bpf_printk</c> printed.</summary>
    public void ClearTraceOutput() => _trace.Clear();

    /// <summary>Random numbers that are the same for the same seed, on every platform.</summary>
    public static Func<uint> SeededRandom(ulong seed)
    {
        ulong state = seed;
        return () =>
        {
            // SplitMix64.
            state += 0x9e37_79b9_7f4a_7c15;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
            z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
            return (uint)((z ^ (z >> 31)) >> 32);
        };
    }

    /// <summary>The time, and lets it go on.</summary>
    internal ulong LookAtClock()
    {
        ulong now = Nanoseconds;
        Nanoseconds += NanosecondsPerLook;
        return now;
    }

    /// <summary>
    /// Takes a context that a run made for itself. Its memory is there until the next such run, for whoever looks at it afterwards: a test
    /// may run a hundred thousand packets.
    /// </summary>
    internal TContext Own<TContext>(TContext context)
        where TContext : BpfContext
    {
        if (Executor.IsRunning) return context;
        if (_lastOwn is { IsEntered: true } last && last.Machine == this) last.Leave();
        _lastOwn = context;
        return context;
    }

    internal void Print(string line) => _trace.Add(line);

    /// <summary>Looks after a run whether the program kept what it must give back.</summary>
    internal void EndRun()
    {
        if (HeldLock is { } address)
        {
            HeldLock = null;
            throw Executor.Fault(BpfDiagnosticId.LockMisused, $"ends with the lock at 0x{address:x} taken");
        }

        if (ReservedRecords != 0) throw Executor.Fault(BpfDiagnosticId.UseAfterRelease, "ends with a record of a ring buffer reserved, which is neither submitted nor discarded on this way out");
        if (Objects.Held > 0) throw Executor.Fault(BpfDiagnosticId.UseAfterRelease, "ends with an object of its own that it neither dropped nor kept in a map, list or tree on this way out");
    }

    /// <summary>Gives up what a run that faulted has left.</summary>
    internal void AbandonRun()
    {
        HeldLock = null;
        ReservedRecords = 0;
        Objects.Held = 0;
        foreach (RingBufferMap ring in Rings) ring.Abandon();
    }

    /// <summary>All ring buffers, those in maps of maps too.</summary>
    internal List<RingBufferMap> Rings { get; } = [];

    /// <summary>How many records of ring buffers are reserved.</summary>
    internal int ReservedRecords { get; set; }

    /// <summary>The lock that the program holds; null for none.</summary>
    internal ulong? HeldLock { get; set; }
}
