using System;
using System.Diagnostics;
using System.IO;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>Runs a stretch of inputs in a process of its own, which may be torn down by any of them.</summary>
internal static class Worker
{
    /// <summary>Runs them, and writes a line for each that fails: its number, a tab, and what went wrong.</summary>
    public static void Run(FuzzTarget target, ulong seed, long from, long count, string progressFile)
    {
        TextWriter output = Console.Out;
        Console.SetOut(TextWriter.Null);
        Trial.OnSmallStack(() =>
        {
            using var progress = new Progress(progressFile);
            for (long input = from; input < from + count; input++)
            {
                progress.Input = input;
                long start = Stopwatch.GetTimestamp();
                Trial trial = Trial.Run(target, target.Make(new FuzzRandom(seed, target.Name, input)));
                long ticks = Stopwatch.GetElapsedTime(start).Ticks;
                if (trial.Verdict == Verdict.Accepted) progress.Accepted++;
                if (trial.Verdict == Verdict.Refused) progress.Refused++;
                if (ticks > progress.Slowest) (progress.Slowest, progress.SlowestInput) = (ticks, input);
                if (trial.Allocated > progress.Allocated) (progress.Allocated, progress.AllocatedInput) = (trial.Allocated, input);
                if (trial.Fault is not { } fault) continue;
                output.WriteLine($"{input}\t{fault.ReplaceLineEndings(" ")}");
                output.Flush();
            }

            progress.Input = from + count;
        });
    }
}
