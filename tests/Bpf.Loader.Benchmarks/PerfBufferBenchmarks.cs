using System;
using BenchmarkDotNet.Attributes;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Benchmarks;

/// <summary>A perf buffer of 64-byte records that is filled before each measurement.</summary>
[MemoryDiagnoser]
public class PerfBufferBenchmarks : IDisposable
{
    private const int PerfEventOutput = 25;
    internal const int Records = 10_000;
    private const int RecordSize = 64;
    private const int Pages = 256;

    private readonly BpfMap _map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.PerfEventArray, Name = "bench", KeySize = 4, ValueSize = 4 });
    private TestProgram _program = null!;
    private PerfBuffer _buffer = null!;
    private PerfRecordHandler _adding = null!;
    private long _sum;

    /// <summary>Loads the program that fills the buffer.</summary>
    [GlobalSetup]
    public void Load()
    {
        var code = new BpfAssembler();
        for (int i = sizeof(ulong); i <= RecordSize; i += sizeof(ulong))
            code.Store(BpfAccessSize.DoubleWord, R10, (short)-i, 1);
        _program = TestProgram.Load(code
            .LoadMap(R2, _map).LoadImmediate64(R3, 0xffffffff).Move(R4, R10).Alu(BpfAluOperation.Add, R4, -RecordSize).Move(R5, RecordSize)
            .CallHelper(PerfEventOutput).Return(0));
        _adding = (_, record) => _sum += record[0];
        _buffer = _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = Pages });
    }

    /// <summary>Fills the buffer.</summary>
    [IterationSetup]
    public void Fill()
    {
        _buffer.Consume(static (_, _) => { });
        _program.Run(Records);
    }

    /// <summary>By a delegate.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public long Callback()
    {
        _buffer.Consume(_adding);
        return _sum;
    }

    /// <summary>In place.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Enumerate()
    {
        long sum = 0;
        foreach (PerfRecord record in _buffer.Read())
            sum += record.Data[0];
        return sum;
    }

    /// <summary>Closes everything.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _buffer.Dispose();
        _program.Dispose();
        _map.Dispose();
    }
}
