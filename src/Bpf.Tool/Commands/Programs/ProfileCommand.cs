using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Threading;
using Bpf.Loader;
using Bpf.Tool.Output;
using Bpf.Tool.Profiling;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog profile</c>: how often a program runs, and what the counters of the CPUs say of it; without metrics, for how long, by the kernel's own count.</summary>
[SupportedOSPlatform("linux")]
internal static class ProfileCommand
{
    public static string Grammar { get; } = $"{ProgramSelector.Grammar} [duration SECONDS] [{{ {string.Join(" | ", CounterMetric.All.Select(static metric => metric.Name))} }}...]";

    public static void Run(Words words, JsonLines? lines)
    {
        using BpfProgram program = ProgramSelector.TakeOne(words);
        TimeSpan duration = words.TryTake("duration") ? TimeSpan.FromSeconds(words.TakeNumber("a number of seconds")) : Timeout.InfiniteTimeSpan;
        CounterMetric[] metrics = TakeMetrics(words);
        if (metrics.Length > 0) Count(program, metrics, duration, lines);
        else Time(program, duration, lines);
    }

    // In their own order, as bpftool shows them, whatever the order of the words is.
    private static CounterMetric[] TakeMetrics(Words words)
    {
        var wanted = new HashSet<CounterMetric>();
        while (!words.AtEnd)
        {
            string name = words.Take("a metric");
            CounterMetric metric = CounterMetric.Find(name)
                ?? throw new UsageException($"'{name}' is no metric; there are: {string.Join(", ", CounterMetric.All.Select(static metric => metric.Name))}.");
            if (!wanted.Add(metric)) throw new UsageException($"'{name}' is there twice.");
        }

        return [.. CounterMetric.All.Where(wanted.Contains)];
    }

    private static void Count(BpfProgram program, CounterMetric[] metrics, TimeSpan duration, JsonLines? lines)
    {
        using var profiler = new CounterProfiler(program, metrics);
        using (var interruption = new Interruption()) interruption.Wait(duration);
        (ulong runs, CounterReading[] readings) = profiler.Stop();
        if (lines is null)
        {
            Console.Out.Write(ToText(runs, metrics, readings));
            return;
        }

        foreach ((CounterMetric metric, CounterReading reading) in metrics.Zip(readings)) lines.Write((metric, runs, reading), Write);
    }

    /// <summary>The readings as bpftool prints them, without the blanks that it leaves behind them.</summary>
    internal static string ToText(ulong runs, CounterMetric[] metrics, CounterReading[] readings)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n{runs,18} run_cnt\n");
        for (int i = 0; i < metrics.Length; i++)
        {
            (CounterMetric metric, CounterReading reading) = (metrics[i], readings[i]);
            int of = Array.FindIndex(metrics, other => other.Name == metric.RatioTo);
            string ratio = of >= 0 && readings[of].Counter > 0
                ? string.Create(CultureInfo.InvariantCulture, $"# {reading.Counter * metric.RatioFactor / readings[of].Counter,8:0.00} {metric.RatioText,-30}")
                : "";
            string share = reading.Enabled > reading.Running ? string.Create(CultureInfo.InvariantCulture, $"({reading.Running * 100.0 / reading.Enabled:0.00}%)") : "";
            text.Append(string.Create(CultureInfo.InvariantCulture, $"{reading.Counter,18} {metric.Name,-20}{ratio,-41}{share}").TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static void Write(Utf8JsonWriter json, (CounterMetric Metric, ulong Runs, CounterReading Reading) item)
    {
        json.WriteStartObject();
        json.WriteString("metric", item.Metric.Name);
        json.WriteNumber("run_cnt", item.Runs);
        json.WriteNumber("value", item.Reading.Counter);
        json.WriteNumber("enabled", item.Reading.Enabled);
        json.WriteNumber("running", item.Reading.Running);
        json.WriteEndObject();
    }

    private static void Time(BpfProgram program, TimeSpan duration, JsonLines? lines)
    {
        BpfProgramInfo before, after;
        using (BpfRunStatistics.Enable())
        using (var interruption = new Interruption())
        {
            before = program.GetInfo();
            interruption.Wait(duration);
            after = program.GetInfo();
        }

        (ulong runs, TimeSpan time) = (after.RunCount - before.RunCount, after.RunTime - before.RunTime);
        long nanoseconds = time.Ticks * TimeSpan.NanosecondsPerTick;
        if (lines is not null)
        {
            lines.Write((runs, nanoseconds), static (json, item) =>
            {
                json.WriteStartObject();
                json.WriteNumber("run_cnt", item.runs);
                json.WriteNumber("run_time_ns", item.nanoseconds);
                json.WriteEndObject();
            });
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs,12} runs"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nanoseconds,12} ns in all"));
        if (runs > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(ulong)nanoseconds / runs,12} ns each"));
    }
}
