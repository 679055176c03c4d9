using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;

namespace Bpf.Loader.Benchmarks;

/// <summary>What objects cost: to open, to relocate against the kernel's types, which are indexed once a process, and to load.</summary>
[MemoryDiagnoser]
public class ObjectBenchmarks
{
    private string _path = "";

    /// <summary>The objects: one with a ring, one that is mostly CO-RE, one with many programs.</summary>
    public static IReadOnlyList<string> Names { get; } = ["execsnoop", "core_kernel", "hook_cgroup"];

    /// <summary>The object.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    /// <summary>Finds the file.</summary>
    [GlobalSetup]
    public void Find() => _path = TestData.Path(Name);

    /// <summary>The file is read and understood.</summary>
    [Benchmark(Baseline = true)]
    public BpfObjectFile Open() => BpfObjectFile.Open(_path);

    /// <summary>All programs are linked and relocated, and the kernel is not asked.</summary>
    [Benchmark]
    public int Relocate() => BpfObjectFile.Open(_path).Relocate().Count;

    /// <summary>Maps are created and programs verified; then all of it is closed.</summary>
    [Benchmark]
    public void Load() => BpfObjectFile.Open(_path).Load().Dispose();

    /// <summary>Many objects that live together.</summary>
    public void LoadMany(int count)
    {
        string[] paths = new string[count];
        Array.Fill(paths, _path);
        LoadAll(paths);
    }

    /// <summary>Loads objects, and closes them when all are loaded.</summary>
    public static void LoadAll(string[] paths)
    {
        var objects = new BpfObject[paths.Length];
        for (int i = 0; i < paths.Length; i++)
            objects[i] = BpfObjectFile.Open(paths[i]).Load();
        foreach (BpfObject item in objects)
            item.Dispose();
    }
}
