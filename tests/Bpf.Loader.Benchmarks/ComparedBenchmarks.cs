using System;
using System.Threading;

namespace Bpf.Loader.Benchmarks;

/// <summary>The benchmarks that have a counterpart on libbpf.</summary>
internal static class ComparedBenchmarks
{
    private const int Calls = 1000;
    private const int Many = 100;

    public static void Run(string prefix)
    {
        var comparison = new Comparison(prefix);
        MeasureObjects(comparison);
        MeasureMaps(comparison);
        MeasureRings(comparison);
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
        MeasureCalls("look-up hit", () => maps.LookupHit());
        MeasureCalls("look-up miss", () => maps.LookupMiss());
        MeasureCalls("update", maps.Update);
        MeasureCalls("add and remove", () => maps.AddAndRemove());
        MeasureCalls("per-CPU look-up", () => maps.PerCpuLookup());
        comparison.Measure("map mapped read", Calls, () => maps.MappedReads(Calls));
        comparison.Measure("map iterate 100k by key", MapBenchmarks.Entries, () => maps.IterateByKey());
        comparison.Measure("map iterate 100k by batch", MapBenchmarks.Entries, () => maps.Iterate());
        comparison.Measure("map update batch 512", MapBenchmarks.BatchSize, maps.UpdateBatch);
        comparison.Measure("map look-up batch 512", MapBenchmarks.BatchSize, () => maps.LookupBatch());

        void MeasureCalls(string name, Action call) => comparison.Measure("map " + name, Calls, () =>
        {
            for (int i = 0; i < Calls; i++) call();
        });
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
        comparison.Measure("ring with live producer", RingBufferBenchmarks.Records, rings.ConsumeLive);
        Volatile.Write(ref stop, true);
        producer.Join();
    }
}
