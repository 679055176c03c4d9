using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

public sealed class MappedMemoryTests : KernelTest
{
    [Fact]
    public void Globals_are_the_maps_own_memory()
    {
        using BpfMap map = Create(100);
        using MappedGlobals globals = map.MapGlobals();
        Assert.Equal(100, globals.Length);
        Assert.False(globals.IsReadOnly);

        globals.Set(8, 1234L);
        globals.Ref<int>(96) = 7;
        byte[] value = new byte[100];
        Assert.True(map.TryGet(new byte[4], value));
        Assert.Equal(1234, BitConverter.ToInt64(value, 8));
        Assert.Equal(7, BitConverter.ToInt32(value, 96));

        value[0] = 42;
        map.Set(new byte[4], value);
        Assert.Equal(42, globals.Get<byte>(0));
        Assert.True(globals.ReadOnlySpan.SequenceEqual(value));
        Assert.True(globals.Span.SequenceEqual(value));
    }

    [Fact]
    public void Ranges_are_checked()
    {
        using BpfMap map = Create(100);
        using MappedGlobals globals = map.MapGlobals();
        foreach (int offset in (int[])[-1, 93, 100, int.MaxValue, int.MinValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => globals.Get<long>(offset));
            Assert.Throws<ArgumentOutOfRangeException>(() => globals.Set(offset, 1L));
        }

        Assert.Equal(0, globals.Get<long>(92));
    }

    [Fact]
    public void Interlocked_and_volatile_work()
    {
        using BpfMap map = Create(8);
        using MappedGlobals globals = map.MapGlobals();
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 10_000; i++)
                Interlocked.Increment(ref globals.Ref<long>(0));
        });
        Assert.Equal(40_000, Volatile.Read(ref globals.Ref<long>(0)));
    }

    [Fact]
    public void A_frozen_map_is_read_only()
    {
        using BpfMap map = Create(8);
        map.Set(new byte[4], BitConverter.GetBytes(5L));
        map.Freeze();
        using MappedGlobals globals = map.MapGlobals();
        Assert.True(globals.IsReadOnly);
        Assert.Equal(5, globals.Get<long>(0));
        Assert.Equal(5, globals.RefReadOnly<long>(0));
        Assert.Throws<InvalidOperationException>(() => globals.Set(0, 1L));
        Assert.Throws<InvalidOperationException>(() => globals.Span.Clear());
        Assert.Throws<BpfException>(() => map.Set(new byte[4], new byte[8]));
    }

    /// <summary>mmap(2) removes what is in its way before the map refuses; the collector must still find all its memory.</summary>
    [Fact]
    public void A_refused_mapping_leaves_the_collectors_memory_whole()
    {
        using BpfMap map = Create(8);
        map.Freeze();
        for (int i = 0; i < 200; i++)
        {
            using MappedGlobals globals = map.MapGlobals();
            Assert.True(globals.IsReadOnly);
        }

        Collect();
        var arrays = new List<byte[]>();
        for (int i = 0; i < 400; i++)
        {
            byte[] array = GC.AllocateArray<byte>(5000, pinned: true);
            array.AsSpan().Fill(1);
            arrays.Add(array);
        }

        Assert.All(arrays, array => Assert.Equal(-1, array.AsSpan().IndexOfAnyExcept((byte)1)));
    }

    [Fact]
    public void References_outlive_dispose()
    {
        using BpfMap map = Create(4096 * 3);
        MappedGlobals globals = map.MapGlobals();
        ref long last = ref globals.Ref<long>((4096 * 3) - 8);
        Span<byte> span = globals.Span;
        last = 77;
        globals.Dispose();
        globals.Dispose();

        last++;
        span.Fill(1);
        Assert.Throws<ObjectDisposedException>(() => globals.Get<long>(0));
        Assert.Throws<ObjectDisposedException>(() => globals.Set(0, 1L));
        Assert.Throws<ObjectDisposedException>(() => globals.Span.Clear());

        byte[] value = new byte[4096 * 3];
        map.TryGet(new byte[4], value);
        Assert.Equal(77, BitConverter.ToInt64(value, (4096 * 3) - 8));
        Collect();
        span.Fill(2);
        Assert.Equal(0x0202020202020202, last);
    }

    [Fact]
    public void Mappings_that_are_forgotten_are_given_back()
    {
        KernelResources before = KernelResources.Count();
        for (int i = 0; i < 20; i++)
            Forget();
        for (int i = 0; i < 3; i++)
            Collect();
        before.AssertUnchanged();
    }

    /// <summary>The collector works among mappings that come and go, and what the maps hold stays theirs.</summary>
    [Fact]
    public void The_collector_never_touches_the_maps_memory()
    {
        var mapped = new List<(BpfMap Map, MappedGlobals Globals)>();
        var garbage = new List<byte[]>();
        for (int i = 0; i < 400; i++)
        {
            BpfMap map = Create((i % 7 * 3000) + 8);
            MappedGlobals globals = map.MapGlobals();
            globals.Span.Fill((byte)i);
            mapped.Add((map, globals));
            garbage.Add(GC.AllocateUninitializedArray<byte>(10_000, pinned: true));
            if (i % 3 == 0)
            {
                mapped[i / 2].Globals.Dispose();
                garbage.RemoveAt(garbage.Count / 2);
            }

            if (i % 50 == 0)
                Collect();
        }

        Collect();
        for (int i = 0; i < mapped.Count; i++)
        {
            byte[] value = new byte[mapped[i].Map.ValueSize];
            mapped[i].Map.TryGet(new byte[4], value);
            Assert.True(value.AsSpan().IndexOfAnyExcept((byte)i) < 0);
            mapped[i].Globals.Dispose();
            mapped[i].Map.Dispose();
        }

        GC.KeepAlive(garbage);
    }

    [Fact]
    public void Array_values_are_in_place()
    {
        using BpfMap map = Create(12, 1000);
        using MappedArray<Triple> array = map.MapValues<Triple>();
        Assert.Equal(1000, array.Count);
        for (int i = 0; i < 1000; i++)
            array[i] = new Triple(i, -i, 3 * i);
        BpfMap<int, Triple> view = map.As<int, Triple>();
        for (int i = 0; i < 1000; i++)
            Assert.Equal(new Triple(i, -i, 3 * i), view[i]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[1000]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[-1]);
        Assert.Throws<InvalidOperationException>(() => array.Span.Length);

        using BpfMap dense = Create(8, 3);
        using MappedArray<long> longs = dense.MapValues<long>();
        longs.Span.Fill(9);
        Assert.Equal([9, 9, 9], longs.ReadOnlySpan.ToArray());
        Assert.Equal(9, dense.As<int, long>()[2]);
        longs.Dispose();
        Assert.Throws<ObjectDisposedException>(() => longs[0]);
    }

    [Fact]
    public void What_cannot_be_mapped_is_refused()
    {
        using BpfMap plain = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Throws<InvalidOperationException>(() => plain.MapGlobals());
        using BpfMap two = Create(8, 2);
        Assert.Throws<InvalidOperationException>(() => two.MapGlobals());
        Assert.Throws<ArgumentException>(() => two.MapValues<int>());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        BpfMap map = Create(5000);
        map.MapGlobals().Set(0, 1);
    }

    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }

    private static BpfMap Create(int valueSize, uint entries = 1) => BpfMap.Create(new BpfMapCreateOptions
    {
        Type = BpfMapType.Array,
        Name = "data",
        KeySize = 4,
        ValueSize = valueSize,
        MaxEntries = entries,
        Flags = BpfMapFlags.Mmapable,
    });

    private readonly record struct Triple(int A, int B, int C);
}
