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
internal sealed class Comparison(string prefix)
{
    private const int MinimumRuns = 5;

    // The runtime compiles what runs often anew, on a thread of its own that needs its turns too; and it counts runs to know.
    private const int WarmUps = 12;
    private const int MaximumWarmUps = 30;
    private const int WarmRuns = 120;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(500);

    /// <summary>Repeats the runs, each of which does so many operations. What prepares a run is not measured.</summary>
    public void Measure(string name, int operations, Action run, Action? prepare = null)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal)) return;
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

        long best = long.MaxValue, bytes = long.MaxValue;
        long end = Stopwatch.GetTimestamp() + Ticks(Duration);
        for (int runs = 0; runs < MinimumRuns || Stopwatch.GetTimestamp() < end; runs++)
        {
            best = Math.Min(best, RunOnce(run, prepare, out long allocated));
            bytes = Math.Min(bytes, allocated);
        }

        double nanoseconds = best * (1e9 / Stopwatch.Frequency) / operations;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{nanoseconds:F2}\t{(double)bytes / operations:0.##}"));
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
