using System;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Benchmarks;

/// <summary>A ring buffer of 64-byte records that is filled before each measurement.</summary>
[MemoryDiagnoser]
public class RingBufferBenchmarks : IDisposable
{
    private const int RingBufReserve = 131, RingBufSubmit = 132;
    internal const int Records = 100_000;
    private const int RecordSize = 64;
    private const int NoWakeUp = 1;

    private readonly BpfMap _map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, Name = "bench", MaxEntries = 8 << 20 });
    private TestProgram _program = null!;
    private TestProgram _wakingProgram = null!;
    private RecordHandler _adding = null!;
    private long _sum;
    private RingBuffer _ring = null!;

    /// <summary>Loads the program that fills the ring.</summary>
    [GlobalSetup]
    public void Load()
    {
        _program = LoadProgram(NoWakeUp);
        _wakingProgram = LoadProgram(0);
        _adding = record => _sum += record[0];
        _ring = _map.OpenRingBuffer();
    }

    /// <summary>Fills the ring.</summary>
    [IterationSetup]
    public void Fill()
    {
        Empty();
        _program.Run(Records);
    }

    /// <summary>In place.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public long Enumerate()
    {
        long sum = 0;
        foreach (ReadOnlySpan<byte> record in _ring.Read())
            sum += record[0];
        return sum;
    }

    /// <summary>By a delegate.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Callback()
    {
        _ring.Consume(_adding);
        return _sum;
    }

    /// <summary>By a structure.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Visitor()
    {
        var visitor = default(Summing);
        _ring.Consume(ref visitor);
        return visitor.Sum;
    }

    /// <summary>As an asynchronous stream of values.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public async Task<long> Stream()
    {
        long sum = 0;
        int count = 0;
        await foreach (Record record in _ring.ReadAllAsync<Record>())
        {
            sum += record.First;
            if (++count == Records)
                break;
        }

        return sum;
    }

    /// <summary>Drops what is in the ring.</summary>
    internal void Empty() => _ring.Consume(static _ => { });

    /// <summary>Adds records, and wakes who waits for them.</summary>
    internal void Produce(int count) => _wakingProgram.Run(count);

    /// <summary>Waits for as many records as the ring is filled with, while <see cref="Produce"/> runs elsewhere.</summary>
    internal void ConsumeLive()
    {
        for (int count = 0; count < Records;)
            count += _ring.Poll(TimeSpan.FromMilliseconds(100), _adding);
    }

    /// <summary>Closes everything.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _ring.Dispose();
        _program.Dispose();
        _wakingProgram.Dispose();
        _map.Dispose();
    }

    private TestProgram LoadProgram(int submitFlags) => TestProgram.Load(new BpfAssembler()
        .LoadMap(R1, _map).Move(R2, RecordSize).Move(R3, 0).CallHelper(RingBufReserve)
        .JumpIf(BpfCondition.Equal, R0, 0, "full")
        .Store(BpfAccessSize.DoubleWord, R0, 0, 1)
        .Move(R1, R0).Move(R2, submitFlags).CallHelper(RingBufSubmit)
        .Label("full").Return(0));

    private struct Summing : IRecordVisitor
    {
        public long Sum;

        public bool Visit(ReadOnlySpan<byte> record)
        {
            Sum += record[0];
            return true;
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = RecordSize)]
    private readonly struct Record
    {
        public readonly byte First;
    }
}
