using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

public sealed class PerCpuBatchTests : KernelTest
{
    [Theory]
    [InlineData(BpfMapType.PerCpuHash)]
    [InlineData(BpfMapType.LruPerCpuHash)]
    public void Batches_write_read_take_and_remove(BpfMapType type)
    {
        Roundtrip<long>(type, 8, number => number);
        Roundtrip<Triple>(type, 12, number => new Triple((int)number, -1, (int)~number));
    }

    [Fact]
    public void Arrays_have_them_too()
    {
        Assert.SkipUnless(KernelVersion.Current.CompareTo(new KernelVersion(5, 13, 0)) >= 0, "Linux 5.13");
        using BpfMap untyped = Create(BpfMapType.PerCpuArray, 12, 100);
        BpfPerCpuMap<int, Triple> map = untyped.AsPerCpu<int, Triple>();
        int[] keys = Enumerable.Range(0, 100).ToArray();
        Triple[] values = [.. Enumerable.Range(0, 100 * map.CpuCount).Select(i => new Triple(i, i, i))];
        map.SetBatch(keys, values);
        Assert.Equal(values.Order(), ReadAll(map, 7).Values.SelectMany(one => one).Order());
    }

    [Fact]
    public void Lengths_are_checked()
    {
        using BpfMap untyped = Create(BpfMapType.PerCpuHash, 8, 10);
        BpfPerCpuMap<int, long> map = untyped.AsPerCpu<int, long>();
        var cursor = default(BpfBatchCursor<int>);
        Assert.Throws<ArgumentException>(() => map.SetBatch(new int[2], new long[(2 * map.CpuCount) - 1]));
        Assert.Throws<ArgumentException>(() => map.ReadBatch(ref cursor, new int[2], new long[(2 * map.CpuCount) + 1]));
        Assert.Throws<ArgumentException>(() => map.ReadBatch(ref cursor, [], []));
        map.SetBatch([], []);
        Assert.Equal(0, map.RemoveBatch([]));
    }

    [Fact]
    public void One_cpu_is_written_where_the_kernel_can()
    {
        using BpfMap untyped = Create(BpfMapType.PerCpuArray, 8, 2);
        BpfPerCpuMap<int, long> map = untyped.AsPerCpu<int, long>();
        int last = map.CpuCount - 1;
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Set(0, map.CpuCount, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.TryGet(0, -1, out _));
        if (!BpfFeatures.SupportsSingleCpuElements)
        {
            Assert.True(KernelVersion.Current.CompareTo(new KernelVersion(7, 0, 0)) < 0, "The kernel is new enough.");
            Assert.Throws<BpfNotSupportedException>(() => map.Set(0, last, 5));
            Assert.Throws<BpfNotSupportedException>(() => map.SetAll(0, 5));
            Assert.Throws<BpfNotSupportedException>(() => map.TryGet(0, last, out _));
            return;
        }

        map.SetAll(0, 5);
        map.Set(0, last, 6);
        Assert.True(map.TryGet(0, last, out long value));
        Assert.Equal(6, value);
        long[] values = new long[map.CpuCount];
        map.TryGet(0, values);
        Assert.Equal([.. Enumerable.Repeat(5L, last), 6], values);
    }

    private static void Roundtrip<T>(BpfMapType type, int size, Func<long, T> make)
        where T : unmanaged
    {
        const int Count = 300;
        using BpfMap untyped = Create(type, size, 1000);
        BpfPerCpuMap<int, T> map = untyped.AsPerCpu<int, T>();
        int[] keys = Enumerable.Range(0, Count).ToArray();
        T[] values = [.. keys.SelectMany(key => Enumerable.Range(0, map.CpuCount).Select(cpu => make((key * 100) + cpu)))];
        map.SetBatch(keys, values);

        // In pieces, each of which goes on where the last ended.
        SortedDictionary<int, T[]> seen = ReadAll(map, 64);
        Assert.Equal(keys, seen.Keys);
        Assert.Equal(values, seen.Values.SelectMany(one => one));

        Assert.Equal(50, map.RemoveBatch([.. keys[..50], -1, -2]));
        int[] some = new int[64];
        T[] taken = new T[64 * map.CpuCount];
        var cursor = default(BpfBatchCursor<int>);
        int count = map.TakeBatch(ref cursor, some, taken);
        Assert.InRange(count, 1, 64);
        for (int i = 0; i < count; i++)
        {
            Assert.InRange(some[i], 50, Count - 1);
            Assert.Equal(values.AsSpan(some[i] * map.CpuCount, map.CpuCount).ToArray(), taken.AsSpan(i * map.CpuCount, map.CpuCount).ToArray());
            Assert.False(map.TryGet(some[i], new T[map.CpuCount]));
        }

        Assert.Equal(Count - 50 - count, ReadAll(map, 1000).Count);
    }

    private static SortedDictionary<int, T[]> ReadAll<T>(BpfPerCpuMap<int, T> map, int step)
        where T : unmanaged
    {
        var seen = new SortedDictionary<int, T[]>();
        int[] keys = new int[step];
        T[] values = new T[step * map.CpuCount];
        for (var cursor = default(BpfBatchCursor<int>); !cursor.IsAtEnd;)
        {
            int count = map.ReadBatch(ref cursor, keys, values);
            for (int i = 0; i < count; i++)
                seen.Add(keys[i], values[(i * map.CpuCount)..((i + 1) * map.CpuCount)]);
        }

        return seen;
    }

    private static BpfMap Create(BpfMapType type, int valueSize, uint entries) =>
        BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = "cpus", KeySize = 4, ValueSize = valueSize, MaxEntries = entries });

    private readonly record struct Triple(int A, int B, int C) : IComparable<Triple>
    {
        public int CompareTo(Triple other) => A.CompareTo(other.A);
    }
}
