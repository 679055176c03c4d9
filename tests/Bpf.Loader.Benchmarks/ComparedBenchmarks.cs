using System;
using System.Threading;

namespace Bpf.Loader.Benchmarks;

/// <summary>The benchmarks that have a counterpart on libbpf.</summary>
internal static class ComparedBenchmarks
{
    private const int Calls = MapBenchmarks.Calls;
    private const int Many = 100;

    public static void Run(string prefix)
    {
        var comparison = new Comparison(prefix);
        MeasureObjects(comparison);
        MeasureMaps(comparison);
        MeasureRings(comparison);
        using PerfBufferBenchmarks perf = new();
        perf.Load();
        comparison.Measure("perf drain by callback", PerfBufferBenchmarks.Records, () => perf.Callback(), perf.Fill);
        comparison.Measure("perf drain in place", PerfBufferBenchmarks.Records, () => perf.Enumerate(), perf.Fill);
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
        }

        benchmarks.Name = "execsnoop";
        benchmarks.Find();
        comparison.Measure("open+load x100 execsnoop", Many, () => benchmarks.LoadMany(Many));
        var types = new KernelTypesBenchmarks();
        comparison.Measure("kernel types", 1, () => types.Find());
        comparison.Measure("kernel types, names hashed", 1, () => types.IndexNames());
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
        comparison.Measure("map mapped read", Calls, () => maps.MappedRead());
        comparison.Measure("map mapped read, by index", Calls, () => maps.MappedReadByIndex());
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
