using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace Bpf.Loader.Benchmarks;

/// <summary>
/// The C# side of build/bench.sh. Does what native-shims/bench-libbpf.c does, under the same names, and prints a line for each: name,
/// nanoseconds of an operation in the fastest of many runs, and bytes allocated by an operation. Others may be at work on the machine,
/// and only the fastest run says what the code costs.
/// </summary>
/// <param name="prefix">What the names begin with of what is wanted.</param>
/// <param name="isOnce">Each only once: whether it works, not how fast.</param>
internal sealed class Comparison(string prefix, bool isOnce)
{
    private const int MinimumRuns = 5;

    // The runtime compiles what runs often anew, on a thread of its own that needs its turns too; and it counts runs to know.
    private const int WarmUps = 12;
    private const int MaximumWarmUps = 30;
    private const int WarmRuns = 120;
    private static readonly TimeSpan Split = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(500);

    /// <summary>Each is run only once: whether it works, not how fast.</summary>
    public bool IsOnce => isOnce;

    /// <summary>Repeats the runs, each of which does so many operations. What prepares a run is not measured.</summary>
    public void Measure(string name, int operations, Action run, Action? prepare = null)
    {
        if (!IsWanted(name)) return;
        Warm(run, prepare);
        long best = long.MaxValue, bytes = long.MaxValue;
        long end = Stopwatch.GetTimestamp() + (isOnce ? 0 : Ticks(Duration));
        for (int runs = 0; runs < (isOnce ? 1 : MinimumRuns) || Stopwatch.GetTimestamp() < end; runs++)
        {
            best = Math.Min(best, RunOnce(run, prepare, out long allocated));
            bytes = Math.Min(bytes, allocated);
        }

        double nanoseconds = best * (1e9 / Stopwatch.Frequency) / operations;
        Report(name, nanoseconds, string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / operations:0.##}"));
    }

    /// <summary>
    /// Runs it for a second, and prints the nanoseconds of an operation by the clock, and those that the CPUs were in this process and in
    /// the kernel, whose part is the same for everybody.
    /// </summary>
    public void MeasureSplit(string kind, string name, int operations, Action run)
    {
        string[] names = [$"{kind} wall {name}", $"{kind} user {name}", $"{kind} system {name}"];
        if (!Array.Exists(names, IsWanted)) return;
        Warm(run, null);
        Environment.ProcessCpuUsage before = Environment.CpuUsage;
        long count = 0, bytes = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        do
        {
            run();
            count += operations;
        }
        while (!isOnce && Stopwatch.GetElapsedTime(start) < Split);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        Environment.ProcessCpuUsage after = Environment.CpuUsage;
        string perOperation = string.Create(CultureInfo.InvariantCulture, $"{(double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / count:0.##}");
        Report(names[0], wall.TotalNanoseconds / count, perOperation);
        Report(names[1], (after.UserTime - before.UserTime).TotalNanoseconds / count);
        Report(names[2], (after.PrivilegedTime - before.PrivilegedTime).TotalNanoseconds / count);
    }

    /// <summary>Prints what was measured otherwise.</summary>
    public void Report(string name, double value, string bytes = "")
    {
        if (IsWanted(name)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:F2}\t{bytes}"));
    }

    /// <summary>Whether something of this name is to be measured.</summary>
    public bool IsWanted(string name) => name.StartsWith(prefix, StringComparison.Ordinal);

    private void Warm(Action run, Action? prepare)
    {
        if (isOnce) return;
        int warmRuns = 0;
        for (int i = 0; i < WarmUps || (warmRuns < WarmRuns && i < MaximumWarmUps); i++)
        {
            long warm = Stopwatch.GetTimestamp() + Ticks(WarmUp);
            do
            {
                RunOnce(run, prepare, out _);
                warmRuns++;
            }
            while (Stopwatch.GetTimestamp() < warm);
            Thread.Sleep(WarmUp);
        }
    }

    private static long RunOnce(Action run, Action? prepare, out long allocated)
    {
        prepare?.Invoke();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        run();
        long time = Stopwatch.GetTimestamp() - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return time;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
