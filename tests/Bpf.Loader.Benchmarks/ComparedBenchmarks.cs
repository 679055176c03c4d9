using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Bpf.Loader.Benchmarks;

/// <summary>The benchmarks that have a counterpart on libbpf.</summary>
internal static class ComparedBenchmarks
{
    private const int Calls = MapBenchmarks.Calls;
    private const int Many = 100;

    public static void Run(string prefix, bool isOnce)
    {
        var comparison = new Comparison(prefix, isOnce);
        MeasureObjects(comparison);
        MeasureMaps(comparison);
        MeasureRings(comparison);
        using PerfBufferBenchmarks perf = new();
        perf.Load();
        comparison.Measure("perf drain by callback", PerfBufferBenchmarks.Records, () => perf.Callback(), perf.Fill);
        comparison.Measure("perf drain in place", PerfBufferBenchmarks.Records, () => perf.Enumerate(), perf.Fill);
        var machine = new MachineBenchmarks();
        comparison.Measure("interpret an instruction", MachineBenchmarks.Instructions, machine.Interpret);
        comparison.Measure("interpret an instruction, compiled", MachineBenchmarks.Instructions, machine.Compiled);
        comparison.Measure("interpret a hash", MachineBenchmarks.HashInstructions, machine.Hash);
        comparison.Measure("interpret a hash, compiled", MachineBenchmarks.HashInstructions, machine.CompiledHash);
        comparison.Measure("xdp-drop in the machine", MachineBenchmarks.Packets, machine.Filter);
        comparison.Measure("xdp-drop in the machine, compiled", MachineBenchmarks.Packets, machine.CompiledFilter);
        MeasureLinks(comparison);
        MeasureThousands(comparison);
        if (UprobeBenchmarks.Library is null) return;
        using UprobeBenchmarks uprobes = new();
        uprobes.Load();
        comparison.Measure("uprobe in a large library", 1, uprobes.Attach);
    }

    private static void MeasureObjects(Comparison comparison)
    {
        ObjectBenchmarks benchmarks = new();
        foreach (string name in ObjectBenchmarks.Names)
        {
            benchmarks.Name = name;
            benchmarks.Find();
            comparison.Measure($"open {name}", 1, () => benchmarks.Open());
            comparison.Measure($"open+relocate {name}", 1, () => benchmarks.Relocate());
            comparison.Measure($"open+load {name}", 1, benchmarks.Load);
            comparison.MeasureSplit("load", name, 1, benchmarks.Load);
        }

        benchmarks.Name = "execsnoop";
        benchmarks.Find();
        comparison.Measure("open+load x100 execsnoop", Many, () => benchmarks.LoadMany(Many));
        if (Environment.GetEnvironmentVariable("BENCH_OBJECTS") is string list)
        {
            string[] paths = File.ReadAllLines(list);
            comparison.MeasureSplit("load", "of each, all at once", paths.Length, () => ObjectBenchmarks.LoadAll(paths));
            MeasurePeak(comparison, list);
        }

        var types = new KernelTypesBenchmarks();
        comparison.Measure("kernel types", 1, () => types.Find());
        comparison.Measure("kernel types, names hashed", 1, () => types.IndexNames());
    }

    private static void MeasureLinks(Comparison comparison)
    {
        if (LinkBenchmarks.Paths is { Count: > 0 } paths) comparison.Measure($"link {paths.Count} objects", 1, () => LinkBenchmarks.Link());
        const string Merge = "merge the kernel's types, twice";
        if (comparison.IsWanted(Merge)) comparison.Measure(Merge, 1, () => LinkBenchmarks.MergeTypes());
    }

    private static void MeasureThousands(Comparison comparison)
    {
        using ThousandBenchmarks probes = new() { Count = comparison.IsOnce ? 10 : 1000 };
        comparison.Measure("1,000 maps", probes.Count, probes.CreateMaps);
        if (comparison.IsWanted("1,000 uprobes"))
        {
            probes.Load();
            comparison.Measure("1,000 uprobes", probes.Count, probes.AttachUprobes);
        }

        if (!comparison.IsWanted("1,000 kprobes") || !ThousandBenchmarks.HasKprobes) return;
        probes.Load();
        comparison.Measure("1,000 kprobes", probes.Count, probes.AttachKprobes);
    }

    // In a process of its own: what was measured before would count too.
    private static void MeasurePeak(Comparison comparison, string list)
    {
        const string Name = "load peak KiB, all at once";
        if (!comparison.IsWanted(Name)) return;
        using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["peak", list]) { RedirectStandardOutput = true })!;
        string peak = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        comparison.Report(Name, double.Parse(peak, CultureInfo.InvariantCulture));
    }

    /// <summary>Loads all objects of a list, holds them together, and prints the most memory that this took, in KiB.</summary>
    public static void PrintPeak(string list)
    {
        ObjectBenchmarks.LoadAll(File.ReadAllLines(list));
        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.WriteLine(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static void MeasureMaps(Comparison comparison)
    {
        using MapBenchmarks maps = new();
        maps.Fill();
        comparison.Measure("map look-up hit", Calls, () => maps.LookupHit());
        comparison.Measure("map look-up miss", Calls, () => maps.LookupMiss());
        comparison.Measure("map update", Calls, maps.Update);
        comparison.Measure("map add and remove", Calls, () => maps.AddAndRemove());
        comparison.Measure("map per-CPU look-up", Calls, () => maps.PerCpuLookup());
        comparison.Measure("map mapped read", MapBenchmarks.Reads, () => maps.MappedRead());
        comparison.Measure("map mapped read, by index", MapBenchmarks.Reads, () => maps.MappedReadByIndex());
        comparison.Measure("map iterate 100k by key", MapBenchmarks.Entries, () => maps.IterateByKey());
        comparison.Measure("map iterate 100k by batch", MapBenchmarks.Entries, () => maps.Iterate());
        comparison.Measure("map update batch 512", MapBenchmarks.BatchSize, maps.UpdateBatch);
        comparison.Measure("map look-up batch 512", MapBenchmarks.BatchSize, () => maps.LookupBatch());
    }

    private static void MeasureRings(Comparison comparison)
    {
        using RingBufferBenchmarks rings = new();
        rings.Load();
        comparison.Measure("ring drain in place", RingBufferBenchmarks.Records, () => rings.Enumerate(), rings.Fill);
        comparison.Measure("ring drain by callback", RingBufferBenchmarks.Records, () => rings.Callback(), rings.Fill);

        bool stop = false;
        var producer = new Thread(() =>
        {
            while (!Volatile.Read(ref stop)) rings.Produce(Calls);
        });
        producer.Start();
        comparison.Measure("ring with live producer", RingBufferBenchmarks.Records, rings.ConsumeLive, rings.Empty);
        Volatile.Write(ref stop, true);
        producer.Join();
    }
}
