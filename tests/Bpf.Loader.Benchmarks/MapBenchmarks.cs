using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using Bpf.Loader.Maps;

namespace Bpf.Loader.Benchmarks;

/// <summary>Operations on a hash table of 100,000 entries, with 4-byte keys and 8-byte values.</summary>
[MemoryDiagnoser]
public class MapBenchmarks : IDisposable
{
    internal const int Entries = 100_000;
    internal const int BatchSize = 512;
    internal const int Calls = 1000;
    internal const int Reads = 100_000;
    private const int Slots = 1024;

    private readonly int[] _keys = new int[BatchSize];
    private readonly long[] _values = new long[BatchSize];
    private readonly BpfMap _hash = BpfMap.Create(
        new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "bench", KeySize = 4, ValueSize = 8, MaxEntries = 2 * Entries });

    private readonly BpfMap _perCpu = BpfMap.Create(
        new BpfMapCreateOptions { Type = BpfMapType.PerCpuHash, Name = "bench", KeySize = 4, ValueSize = 8, MaxEntries = 100 });

    private readonly BpfMap _array = BpfMap.Create(
        new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "bench", KeySize = 4, ValueSize = 8, MaxEntries = Slots, Flags = BpfMapFlags.Mmapable });

    private BpfMap<int, long> _map = null!;
    private BpfPerCpuMap<int, long> _perCpuMap = null!;
    private MappedArray<long> _mapped = null!;
    private long[] _perCpuValues = [];
    private int _next;

    /// <summary>Fills the maps.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _map = _hash.As<int, long>();
        for (int i = 0; i < Entries; i++)
            _map.Set(i, i);
        for (int i = 0; i < BatchSize; i++)
            _keys[i] = Entries + i;

        _perCpuMap = _perCpu.AsPerCpu<int, long>();
        _perCpuValues = new long[_perCpuMap.CpuCount];
        for (int i = 0; i < 100; i++)
            _perCpuMap.Set(i, _perCpuValues);
        _mapped = _array.MapValues<long>();
    }

    /// <summary>Keys that are there.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public long LookupHit()
    {
        long sum = 0;
        for (int i = 0; i < Calls; i++)
        {
            _map.TryGet(NextKey(), out long value);
            sum += value;
        }

        return sum;
    }

    /// <summary>Keys that are not there.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public bool LookupMiss()
    {
        bool found = false;
        for (int i = 0; i < Calls; i++)
            found |= _map.TryGet(-1 - NextKey(), out _);
        return found;
    }

    /// <summary>Keys that are there get a value.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public void Update()
    {
        for (int i = 0; i < Calls; i++)
            _map.Set(NextKey(), 1);
    }

    /// <summary>A key is added and removed.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public bool AddAndRemove()
    {
        bool removed = true;
        for (int i = 0; i < Calls; i++)
        {
            _map.TryAdd(-5, 1);
            removed &= _map.Remove(-5);
        }

        return removed;
    }

    /// <summary>The values of all CPUs.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public bool PerCpuLookup()
    {
        bool found = true;
        for (int i = 0; i < Calls; i++)
            found &= _perCpuMap.TryGet(7, _perCpuValues);
        return found;
    }

    /// <summary>Values in place, by a span that is taken once: what a pointer is in C.</summary>
    [Benchmark(OperationsPerInvoke = Reads)]
    public long MappedRead()
    {
        ReadOnlySpan<long> values = _mapped.ReadOnlySpan;
        long sum = 0;
        for (int i = 0; i < Reads; i++)
            sum += values[i & (Slots - 1)];
        return sum;
    }

    /// <summary>Values in place, by the array's own index, which asks each time whether it is still mapped.</summary>
    [Benchmark(OperationsPerInvoke = Reads)]
    public long MappedReadByIndex()
    {
        long sum = 0;
        for (int i = 0; i < Reads; i++)
            sum += _mapped[i & (Slots - 1)];
        return sum;
    }

    /// <summary>All entries, by batches.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long Iterate()
    {
        long sum = 0;
        foreach (KeyValuePair<int, long> entry in _map)
            sum += entry.Value;
        return sum;
    }

    /// <summary>All entries, key by key.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long IterateByKey()
    {
        long sum = 0;
        using BpfMapEnumerator<int, long> walk = _map.GetKeyEnumerator();
        while (walk.MoveNext())
            sum += walk.Current.Value;
        return sum;
    }

    /// <summary>512 entries in one call.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public void UpdateBatch() => _map.SetBatch(_keys, _values);

    /// <summary>Up to 512 entries in one call.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public int LookupBatch()
    {
        var cursor = default(BpfBatchCursor<int>);
        Span<int> keys = stackalloc int[BatchSize];
        return _map.ReadBatch(ref cursor, keys, _values);
    }

    /// <summary>Closes the maps.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _mapped.Dispose();
        _hash.Dispose();
        _perCpu.Dispose();
        _array.Dispose();
    }

    // Spread over the table, as a program's keys are.
    private int NextKey() => (int)((uint)(_next += 7919) % Entries);
}
