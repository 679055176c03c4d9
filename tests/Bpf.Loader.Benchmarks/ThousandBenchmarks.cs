using System;
using System.IO;
using BenchmarkDotNet.Attributes;
using Bpf.Loader.Maps;

namespace Bpf.Loader.Benchmarks;

/// <summary>A thousand of a thing that live together: made or attached, and disposed.</summary>
[MemoryDiagnoser]
public class ThousandBenchmarks : IDisposable
{
    private const int Most = 1000;
    private const string KernelFunction = "vfs_read";
    private const string LibraryFunction = "getpid";

    private readonly BpfLink[] _links = new BpfLink[Most];
    private BpfObject? _object;

    /// <summary>How many there are: fewer where none of it is measured, for the kernel waits for all its CPUs when a uprobe goes.</summary>
    public int Count { get; init; } = Most;

    private BpfProgram Program => _object!.Programs["on_entry"];

    /// <summary>Kernels may be built without kprobes.</summary>
    public static bool HasKprobes => File.Exists("/sys/bus/event_source/devices/kprobe/type");

    /// <summary>Loads the program.</summary>
    [GlobalSetup]
    public void Load() => _object ??= BpfObjectFile.Open(TestData.Path("bench_probes")).Load();

    /// <summary>Arrays of one value.</summary>
    [Benchmark]
    public void CreateMaps()
    {
        var maps = new BpfMap[Count];
        for (int i = 0; i < Count; i++)
            maps[i] = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "bench", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        foreach (BpfMap map in maps)
            map.Dispose();
    }

    /// <summary>In the C library.</summary>
    [Benchmark]
    public void AttachUprobes()
    {
        for (int i = 0; i < Count; i++)
            _links[i] = Program.AttachUprobe("libc.so.6", LibraryFunction);
        for (int i = 0; i < Count; i++)
            _links[i].Dispose();
    }

    /// <summary>In the kernel.</summary>
    [Benchmark]
    public void AttachKprobes()
    {
        for (int i = 0; i < Count; i++)
            _links[i] = Program.AttachKprobe(KernelFunction);
        for (int i = 0; i < Count; i++)
            _links[i].Dispose();
    }

    /// <summary>Unloads the program.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _object?.Dispose();
        GC.SuppressFinalize(this);
    }
}
