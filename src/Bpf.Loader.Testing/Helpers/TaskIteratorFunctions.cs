using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions that programs go through tasks with (Linux 6.7): the current one, and those of the test.</summary>
internal static class TaskIteratorFunctions
{
    // BPF_TASK_ITER_ALL_PROCS, BPF_TASK_ITER_ALL_THREADS, BPF_TASK_ITER_PROC_THREADS of kernel/bpf/task_iter.c.
    private const uint AllProcesses = 0, AllThreads = 1, ThreadsOfProcess = 2;

    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_iter_task_new"] = static call =>
        {
            uint flags = (uint)call[3];
            bool isValid = flags is AllProcesses or AllThreads || (flags == ThreadsOfProcess && call[2] != 0);
            ulong process = isValid && flags == ThreadsOfProcess ? call.Object(2)!.GetNumber("tgid") : 0;
            call.Write(1, new State { Next = isValid ? 0 : uint.MaxValue, Flags = flags, Process = process });
            return isValid ? 0 : unchecked((ulong)Error.Invalid);
        };
        functions["bpf_iter_task_next"] = static call =>
        {
            State state = call.Read<State>(1);
            List<KernelObject> tasks = call.Machine.AllTasks();
            ulong found = 0;
            while (found == 0 && state.Next < (uint)tasks.Count)
            {
                KernelObject task = tasks[(int)state.Next++];
                if (IsWanted(task, state)) found = task.Address;
            }

            call.Write(1, state);
            return found;
        };
        functions["bpf_iter_task_destroy"] = static _ => 0;
    }

    private static bool IsWanted(KernelObject task, State state) => state.Flags switch
    {
        AllProcesses => task.GetNumber("pid") == task.GetNumber("tgid"),
        ThreadsOfProcess => task.GetNumber("tgid") == state.Process,
        _ => true,
    };

    // In place of struct bpf_iter_task_kern, and as large.
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct State
    {
        public uint Next;
        public uint Flags;
        public ulong Process;
    }
}
