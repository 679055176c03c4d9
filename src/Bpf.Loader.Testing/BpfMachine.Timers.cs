using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Helpers;

namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    // More than these, in no time, are a timer that its own callback starts again for at once.
    private const int MaximumCallbacks = 100_000;

    internal Dictionary<ulong, MachineTimer> Timers { get; } = [];

    /// <summary>The timer whose callback runs; null when none does.</summary>
    internal MachineTimer? RunningTimer { get; private set; }

    /// <summary>Lets time go on, and runs the timers that become due, in their order.</summary>
    /// <param name="time">How much.</param>
    /// <returns>How many callbacks ran.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="BpfMachineFault">A callback did what the kernel would not let it do, or starts its timer again and again for the same time.</exception>
    public int Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ulong end = Nanoseconds + ((ulong)time.Ticks * 100), last = Nanoseconds;
        int count = 0, atOnce = 0;
        while (Timers.Where(each => each.Value.Due <= end).OrderBy(each => each.Value.Due).FirstOrDefault() is { Value: { } timer } next)
        {
            Nanoseconds = Math.Max(Nanoseconds, timer.Due!.Value);
            timer.Due = null;
            RunTimer(next.Key, timer);
            count++;
            atOnce = Nanoseconds == last ? atOnce + 1 : 0;
            last = Nanoseconds;
            if (atOnce > MaximumCallbacks) throw Executor.Fault(BpfDiagnosticId.InstructionBudget, $"starts a timer again and again for {last} ns, and time does not go on");
        }

        Nanoseconds = end;
        return count;
    }

    // bpf_timer_cb of kernel/bpf/helpers.c: map, key and value that the timer is in.
    private void RunTimer(ulong address, MachineTimer timer)
    {
        byte[] key = timer.Map.Keys.FirstOrDefault(each => ValueOf(timer.Map, each) is { } value && address >= value && address < value + (ulong)timer.Map.ValueSize) ?? new byte[timer.Map.KeySize];
        byte[] pinned = Testing.Memory.MachineMemory.Allocate(key.Length);
        key.CopyTo(pinned, 0);
        uint region = Memory.Add(Testing.Memory.RegionKind.MapValue, pinned, 0, pinned.Length, isWritable: false, timer.Map);
        RunningTimer = timer;
        try
        {
            Executor.RunCallback(timer.Code, timer.Callback, [timer.Map.Handle, Memory.AddressOf(region), ValueOf(timer.Map, key) ?? address], new NoContext());
        }
        finally
        {
            RunningTimer = null;
            Memory.Free(region);
        }
    }

    private ulong? ValueOf(BpfMachineMap map, byte[] key) => map.Lookup(key, Cpu) is var value && value != 0 ? value : null;
}
