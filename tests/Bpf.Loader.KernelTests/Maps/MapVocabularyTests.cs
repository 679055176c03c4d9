using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>The words that all views have, on every kind of map that can do what they say.</summary>
public sealed class MapVocabularyTests : KernelTest
{
    [Theory]
    [InlineData(BpfMapType.Hash, 1)]
    [InlineData(BpfMapType.Hash, 3000)]
    [InlineData(BpfMapType.LruHash, 3000)]
    public void A_hash_table_is_counted_and_cleared(BpfMapType type, int entries)
    {
        using BpfMap map = Create(type, 8, 4096);
        BpfMap<int, long> view = map.As<int, long>();
        Assert.Equal(0, view.Count);
        for (int key = 0; key < entries; key++) view.Set(key, key);
        Assert.Equal((entries, entries), (view.Count, map.Count));
        Assert.True(view.ContainsKey(entries - 1));
        Assert.False(view.ContainsKey(entries));
        Assert.True(map.ContainsKey(BitConverter.GetBytes(entries - 1)));
        Assert.False(view.TryAdd(0, 5));
        Assert.True(view.TryReplace(0, 5));
        Assert.False(view.TryReplace(entries, 5));
        Assert.Equal(5, view[0]);
        view.Clear();
        Assert.Equal((0, 0), (view.Count, map.Count));
        Assert.False(view.ContainsKey(0));
        view.Clear();
    }

    [Fact]
    public void Large_buckets_are_cleared_whatever_they_hold()
    {
        // One bucket for all: the first batch has no room for it.
        using BpfMap map = Create(BpfMapType.Hash, 60_000, 1);
        BpfMap<int, Large> one = map.As<int, Large>();
        one.Set(1, default);
        Assert.Equal(1, one.Count);
        one.Clear();
        Assert.Equal(0, one.Count);

        using BpfMap many = Create(BpfMapType.Hash, 30_000, 64);
        for (int key = 0; key < 64; key++) many.Set(BitConverter.GetBytes(key), new byte[30_000]);
        Assert.Equal(64, many.Count);
        Assert.True(many.ContainsKey(BitConverter.GetBytes(63)));
        many.Clear();
        Assert.Equal(0, many.Count);
    }

    [Fact]
    public async Task What_is_added_while_a_map_is_cleared_does_no_harm()
    {
        using BpfMap map = Create(BpfMapType.Hash, 8, 10_000);
        BpfMap<int, long> view = map.As<int, long>();
        using var stop = new CancellationTokenSource();
        CancellationToken stopped = stop.Token;
        Task adding = Task.Run(
            () =>
            {
                for (int i = 0; !stopped.IsCancellationRequested; i++) view.Set(i % 5000, i);
            },
            TestContext.Current.CancellationToken);
        for (int round = 0; round < 50; round++) view.Clear();
        await stop.CancelAsync();
        await adding;
        view.Clear();
        Assert.Equal(0, view.Count);
    }

    [Fact]
    public void An_array_has_all_its_entries_and_is_cleared_to_zeroes()
    {
        using BpfMap map = Create(BpfMapType.Array, 8, 20_000);
        BpfMap<uint, long> view = map.As<uint, long>();
        view.Set(0, 1);
        view.Set(19_999, 2);
        Assert.Equal((20_000, 20_000), (view.Count, map.Count));
        Assert.True(view.ContainsKey(19_999));
        Assert.False(view.ContainsKey(20_000));
        Assert.False(view.TryAdd(7, 1));
        view.Clear();
        Assert.Equal(20_000, view.Count);
        Assert.All(view, static each => Assert.Equal(0, each.Value));
    }

    [Theory]
    [InlineData(BpfMapType.PerCpuHash)]
    [InlineData(BpfMapType.LruPerCpuHash)]
    [InlineData(BpfMapType.PerCpuArray)]
    public void Values_of_cpus_are_taken_apart_and_summed(BpfMapType type)
    {
        // An LRU map keeps free elements for each CPU, and forgets before it is full.
        uint room = type == BpfMapType.PerCpuArray ? 50u : 5000u;
        using BpfMap map = Create(type, 12, room), numbers = Create(type, 4, room);
        BpfPerCpuMap<int, Triple> view = map.AsPerCpu<int, Triple>();
        BpfPerCpuMap<int, uint> counts = numbers.AsPerCpu<int, uint>();
        int cpus = view.CpuCount;
        for (int key = 0; key < 50; key++)
        {
            view.Set(key, [.. Enumerable.Range(0, cpus).Select(cpu => new Triple(key, cpu, 1))]);
            counts.Set(key, [.. Enumerable.Range(0, cpus).Select(cpu => uint.MaxValue - (uint)cpu)]);
        }

        Assert.Equal((50, 50), (view.Count, counts.Count));
        int seen = 0;
        foreach (var (key, values) in view)
        {
            seen++;
            Assert.Equal(key * cpus, values.Sum(static each => each.A));
            Assert.Equal(cpus, values.Sum(static each => (double)each.C));
            Triple all = values.Aggregate(default(Triple), static (sum, each) => new Triple(sum.A + each.A, Math.Max(sum.B, each.B), sum.C + each.C));
            Assert.Equal(new Triple(key * cpus, cpus - 1, cpus), all);
            Assert.Equal(cpus, values.ToArray().Length);
        }

        Assert.Equal(50, seen);
        uint expected = 0;
        for (int cpu = 0; cpu < cpus; cpu++) expected = unchecked(expected + uint.MaxValue - (uint)cpu);
        foreach (var (_, values) in counts) Assert.Equal(expected, values.Sum());
        Assert.True(counts.Sums().TryGet(49, out uint sum));
        Assert.Equal(expected, sum);
        Assert.False(counts.Sums().TryGet(5000, out sum));
        Assert.Equal(0u, sum);
        Assert.All(counts.Sums(), each => Assert.Equal(expected, each.Value));
        Assert.Equal(7 * cpus, view.Sums(static each => each.A)[7]);

        Assert.True(view.ContainsKey(49));
        Assert.False(view.ContainsKey(50));
        Assert.True(view.TryReplace(49, new Triple[cpus]));
        if (type != BpfMapType.PerCpuArray) Assert.False(view.TryReplace(51, new Triple[cpus]));
        view.Clear();
        if (type == BpfMapType.PerCpuArray)
        {
            foreach (var (_, values) in view) Assert.All(values.ToArray(), static each => Assert.Equal(default, each));
        }
        else
        {
            Assert.Equal(0, view.Count);
        }
    }

    [Fact]
    public void Bytes_are_added_and_replaced_as_values_are()
    {
        using BpfMap map = Create(BpfMapType.Hash, 8, 2);
        byte[] key = [1, 0, 0, 0], value = new byte[8];
        Assert.False(map.TryReplace(key, value));
        Assert.True(map.TryAdd(key, value));
        Assert.False(map.TryAdd(key, value));
        Assert.True(map.TryReplace(key, [.. Enumerable.Repeat((byte)7, 8)]));
        foreach (var (entryKey, entryValue) in map.EnumerateEntries())
        {
            Assert.Equal(key, entryKey.ToArray());
            Assert.Equal(7, entryValue[7]);
        }

        map.Set([2, 0, 0, 0], value);
        Assert.Equal(Errno.E2BIG, Assert.Throws<BpfException>(() => map.TryAdd([3, 0, 0, 0], value)).Errno);
        using BpfMap ring = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, MaxEntries = 4096 });
        Assert.Throws<InvalidOperationException>(ring.Clear);
        Assert.Throws<InvalidOperationException>(() => ring.Count);
    }

    private static BpfMap Create(BpfMapType type, int valueSize, uint entries) => BpfMap.Create(
        new BpfMapCreateOptions { Type = type, Name = "words", KeySize = 4, ValueSize = valueSize, MaxEntries = entries });

    private readonly record struct Triple(int A, int B, int C);

    [StructLayout(LayoutKind.Sequential, Size = 60_000)]
    private struct Large
    {
        public byte First;
    }
}
