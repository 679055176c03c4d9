using System;
using BenchmarkDotNet.Attributes;

namespace Bpf.Loader.Benchmarks;

/// <summary>A function of a large library is found and probed; the variable BENCH_LIBRARY names the library, which is LLVM's.</summary>
[MemoryDiagnoser]
public class UprobeBenchmarks : IDisposable
{
    private const string Function = "LLVMContextCreate";

    private BpfObject _object = null!;
    private BpfProgram _program = null!;

    /// <summary>The library; null when none is named.</summary>
    public static string? Library { get; } = Environment.GetEnvironmentVariable("BENCH_LIBRARY");

    /// <summary>Loads the program.</summary>
    [GlobalSetup]
    public void Load()
    {
        _object = BpfObjectFile.Open(TestData.Path("hook_uprobe")).Load();
        _program = _object.Programs["uprobe_entry"];
    }

    /// <summary>The library is opened, the function found, probed, and left again.</summary>
    [Benchmark]
    public void Attach() => _program.AttachUprobe(Library!, Function).Dispose();

    /// <summary>Unloads the program.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _object.Dispose();
        GC.SuppressFinalize(this);
    }
}
