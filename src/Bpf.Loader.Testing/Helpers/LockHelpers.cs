using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Spin locks and timers in the values of maps.</summary>
internal static class LockHelpers
{
    private const int TimerSize = 16;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_spin_lock"] = static call =>
        {
            _ = call.Write(1, sizeof(int));
            if (call.Machine.HeldLock is not null) throw call.Executor.Fault(BpfDiagnosticId.LockMisused, "takes a lock while it holds one");
            call.Machine.HeldLock = call[1];
            return 0;
        };
        helpers["bpf_spin_unlock"] = static call =>
        {
            if (call.Machine.HeldLock != call[1]) throw call.Executor.Fault(BpfDiagnosticId.LockMisused, "gives up a lock that it does not hold");
            call.Machine.HeldLock = null;
            return 0;
        };
        helpers["bpf_timer_init"] = static call =>
        {
            _ = call.Write(1, TimerSize);
            BpfMachineMap map = call.Map(2);
            // CLOCK_REALTIME, CLOCK_MONOTONIC and CLOCK_BOOTTIME, which are one here.
            if (call[3] is not (0 or 1 or 7)) return unchecked((ulong)Error.Invalid);
            return call.Machine.Timers.TryAdd(call[1], new MachineTimer(map, call.Executor.Code)) ? 0 : unchecked((ulong)Error.Busy);
        };
        helpers["bpf_timer_set_callback"] = static call =>
        {
            if (!call.Machine.Timers.TryGetValue(call[1], out MachineTimer? timer)) return unchecked((ulong)Error.Invalid);
            if (!call.Executor.IsFunction(timer.Code, call[2])) throw call.Refuse("argument 2 is no function of the program");
            timer.Callback = call[2];
            return 0;
        };
        helpers["bpf_timer_start"] = static call =>
        {
            // BPF_F_TIMER_ABS and BPF_F_TIMER_CPU_PIN.
            if (call[3] > 3 || !call.Machine.Timers.TryGetValue(call[1], out MachineTimer? timer) || timer.Callback == 0) return unchecked((ulong)Error.Invalid);
            timer.Due = (call[3] & 1) != 0 ? call[2] : call.Machine.Nanoseconds + call[2];
            return 0;
        };
        helpers["bpf_timer_cancel"] = static call =>
        {
            if (!call.Machine.Timers.TryGetValue(call[1], out MachineTimer? timer)) return unchecked((ulong)Error.Invalid);
            if (timer == call.Machine.RunningTimer) return unchecked((ulong)Error.Deadlock);
            bool wasActive = timer.Due is not null;
            // drop_prog_refcnt of kernel/bpf/helpers.c: the callback is forgotten, and has to be set before the next start.
            timer.Due = null;
            timer.Callback = 0;
            return wasActive ? 1u : 0u;
        };
    }
}
