using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>
/// Runs inputs in processes of their own, side by side. What no exception handler sees (a stack that overflows, memory that is not
/// there, a walk without end) ends one of them; the input that it was at is what did it, and the next process goes on behind that.
/// </summary>
internal sealed class Supervisor(FuzzOptions options)
{
    // A process costs a second until its code is compiled; a lost one loses that.
    private const int StretchSize = 10_000;
    private const string HeapLimit = "0x30000000";

    private readonly ConcurrentQueue<Stretch> _stretches = new();

    /// <summary>Runs so many inputs of each target.</summary>
    public IReadOnlyList<TargetResult> Run(IReadOnlyList<(FuzzTarget Target, long Inputs)> work)
    {
        var results = new List<TargetResult>();
        foreach ((FuzzTarget target, long inputs) in work)
        {
            results.Add(new TargetResult(target));
            for (long from = 0; from < inputs; from += StretchSize)
                _stretches.Enqueue(new Stretch(target, from, Math.Min(StretchSize, inputs - from)));
        }

        Thread[] threads = [.. Enumerable.Range(0, Math.Max(1, options.Jobs)).Select(_ => new Thread(() =>
        {
            while (_stretches.TryDequeue(out Stretch stretch)) Run(stretch, results.Find(result => result.Target == stretch.Target)!);
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return results;
    }

    private void Run(Stretch stretch, TargetResult result)
    {
        long end = stretch.From + stretch.Count;
        for (long from = stretch.From; from < end;)
        {
            string file = Path.GetTempFileName();
            try
            {
                using var progress = new Progress(file);
                string ending = RunProcess(stretch.Target, from, end - from, file, progress, result);
                result.Add(progress);
                if (ending.Length > 0) result.Add(progress.Input, ending);
                from = ending.Length > 0 ? progress.Input + 1 : end;
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    // How the process ended when it did not reach its end; nothing when it did.
    private string RunProcess(FuzzTarget target, long from, long count, string file, Progress progress, TargetResult result)
    {
        progress.Input = from;
        ProcessStartInfo start = new(Environment.ProcessPath!,
        [
            "--worker", file, "--only", target.Name, "--seed", options.Seed.ToString(CultureInfo.InvariantCulture),
            "--input", from.ToString(CultureInfo.InvariantCulture), "--inputs", count.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process process = Process.Start(start)!;
        var errors = new List<string>();
        process.OutputDataReceived += (_, line) => AddFailure(result, line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            // A stack that overflowed is printed with all of its frames; the first tell where.
            if (line.Data is { } text && errors.Count < 8) errors.Add(text);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!WaitFor(process, progress)) return $"no end within {options.Watchdog!.Value.TotalSeconds} seconds of computing";
        return process.ExitCode == 0 ? "" : $"the process ended with {process.ExitCode}: {string.Join(" ", errors.Select(error => error.Trim()))}";
    }

    // Counted is what the process computes, not what passes: a machine may be busy with something else.
    private bool WaitFor(Process process, Progress progress)
    {
        if (options.Watchdog is not { } limit)
        {
            process.WaitForExit();
            return true;
        }

        long input = progress.Input;
        for (TimeSpan since = TimeSpan.Zero; !process.WaitForExit(TimeSpan.FromMilliseconds(200));)
        {
            TimeSpan now = ProcessorTime(process);
            if (progress.Input != input)
            {
                input = progress.Input;
                since = now;
            }
            else if (now - since > limit)
            {
                process.Kill();
                process.WaitForExit();
                return false;
            }
        }

        // Once more, until what it printed is read.
        process.WaitForExit();
        return true;
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has just ended.
            return TimeSpan.Zero;
        }
    }

    private static void AddFailure(TargetResult result, string? line)
    {
        int tab = line?.IndexOf('\t', StringComparison.Ordinal) ?? -1;
        if (tab > 0 && long.TryParse(line.AsSpan(0, tab), NumberStyles.None, CultureInfo.InvariantCulture, out long input)) result.Add(input, line![(tab + 1)..]);
    }
}
