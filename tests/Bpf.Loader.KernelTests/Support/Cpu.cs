using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Where a thread runs.</summary>
internal static partial class Cpu
{
    /// <summary>Keeps the calling thread on one CPU.</summary>
    public static void StayOn(int cpu)
    {
        ulong[] set = new ulong[16];
        set[cpu / 64] = 1ul << (cpu % 64);
        if (SetAffinity(0, set.Length * sizeof(ulong), set) != 0)
            throw new InvalidOperationException($"sched_setaffinity: {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint size, ulong[] set);
}
