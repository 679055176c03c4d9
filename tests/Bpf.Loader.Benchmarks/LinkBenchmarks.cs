using System;
using System.Collections.Generic;
using System.IO;
using BenchmarkDotNet.Attributes;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.Linking;

namespace Bpf.Loader.Benchmarks;

/// <summary>Many objects are linked into one, and the kernel's types merged with themselves.</summary>
[MemoryDiagnoser]
public class LinkBenchmarks
{
    /// <summary>The objects that the variable BENCH_LINKED lists; null without it.</summary>
    public static IReadOnlyList<string>? Paths { get; } =
        Environment.GetEnvironmentVariable("BENCH_LINKED") is string list ? File.ReadAllLines(list) : null;

    /// <summary>Objects are read, linked, and written as one.</summary>
    [Benchmark]
    public static int Link()
    {
        string output = Path.GetTempFileName();
        var linker = new BpfLinker();
        foreach (string path in Paths ?? [])
            linker.Add(File.ReadAllBytes(path), path);
        byte[] linked = linker.ToArray();
        File.WriteAllBytes(output, linked);
        File.Delete(output);
        return linked.Length;
    }

    /// <summary>The kernel's types twice: nearly half of them are to be found equal to the other half, as many as libbpf finds.</summary>
    [Benchmark]
    public static int MergeTypes()
    {
        BtfReader kernel = KernelBtf.Vmlinux;
        var types = new BtfBuilder();
        types.AddAll(kernel);
        types.AddAll(kernel);
        int count = BtfDeduplication.Run(types.ToReader()).Types.TypeCount;
        return count < kernel.TypeCount * 11L / 10 ? count : throw new InvalidOperationException($"Of {kernel.TypeCount} types, twice, {count} are left.");
    }
}
