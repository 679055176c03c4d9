using System;
using System.Text;
using BenchmarkDotNet.Attributes;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Benchmarks;

/// <summary>The types of the kernel, from nothing.</summary>
[MemoryDiagnoser]
public class KernelTypesBenchmarks
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes("task_struct");

    /// <summary>Indexed, and one type found.</summary>
    [Benchmark(Baseline = true)]
    public bool Find() => Read().TryFind(_name, BtfKind.Struct, out _) ? true : throw Missing();

    /// <summary>Indexed, and all names hashed, as for an object that looks for many.</summary>
    [Benchmark]
    public bool IndexNames() => Read().TryFindOwn(_name, BtfKind.Struct, out _) ? true : throw Missing();

    private static BtfReader Read()
    {
        KernelBtf.Release();
        return KernelBtf.Vmlinux;
    }

    private static InvalidOperationException Missing() => new("The kernel has no task_struct.");
}
