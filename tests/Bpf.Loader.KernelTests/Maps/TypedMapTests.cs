using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

[AnyKernel]
public sealed class TypedMapTests : KernelTest
{
    // Values are taken out of hash tables since Linux 5.14.
    private static bool CanTake => Requires.Has("htab_map_lookup_and_delete_elem");

    [Theory]
    [InlineData(BpfMapType.Hash)]
    [InlineData(BpfMapType.LruHash)]
    public void Hash_operations_answer_by_bools(BpfMapType type)
    {
        using BpfMap untyped = Create<int, long>(type, 100);
        BpfMap<int, long> map = untyped.As<int, long>();

        Assert.False(map.TryGet(1, out long value));
        Assert.Equal(0, value);
        Assert.False(map.TryReplace(1, 10));
        Assert.True(map.TryAdd(1, 10));
        Assert.False(map.TryAdd(1, 11));
        Assert.Equal(10, map[1]);
        Assert.True(map.TryReplace(1, 12));
        Assert.True(map.TryGet(1, out value));
        Assert.Equal(12, value);
        map[2] = 20;
        map.Set(2, 21);
        if (CanTake)
        {
            Assert.True(map.TryTake(2, out value));
            Assert.Equal(21, value);
            Assert.False(map.TryTake(2, out _));
        }
        else
        {
            Assert.Equal(Errno.ENOTSUPP, Assert.Throws<BpfException>(() => map.TryTake(2, out _)).Errno);
            Assert.True(map.Remove(2));
        }

        Assert.True(map.Remove(1));
        Assert.False(map.Remove(1));
        Assert.Throws<KeyNotFoundException>(() => map[1]);
        Assert.Empty(map);
    }

    [Fact]
    public void Array_has_all_its_entries()
    {
        using BpfMap untyped = Create<uint, long>(BpfMapType.Array, 1000);
        BpfMap<uint, long> map = untyped.As<uint, long>();
        for (uint i = 0; i < 1000; i++)
            map[i] = i * i;
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => KeyValuePair.Create((uint)i, (long)i * i)), map);
        Assert.False(map.TryGet(1000, out _));
        Assert.False(map.TryAdd(0, 1));
        Assert.Contains("cannot be removed", Assert.Throws<BpfException>(() => map.Remove(1)).Message);
        Assert.Contains("1000", Assert.Throws<BpfException>(() => map.Set(1000, 1)).Message);
    }

    [Fact]
    public void Full_map_says_so()
    {
        using BpfMap untyped = Create<int, int>(BpfMapType.Hash, 2);
        BpfMap<int, int> map = untyped.As<int, int>();
        map[1] = map[2] = 0;
        BpfException exception = Assert.Throws<BpfException>(() => map.Set(3, 0));
        Assert.Equal(Errno.E2BIG, exception.Errno);
        Assert.Contains("full: its max_entries is 2", exception.Message);
    }

    [Fact]
    public void Sizes_are_checked_once_and_named()
    {
        using BpfMap map = Create<int, long>(BpfMapType.Hash, 1);
        Assert.Contains("keys of 4 bytes; Int64 has 8", Assert.Throws<ArgumentException>(() => map.As<long, long>()).Message);
        Assert.Contains("values of 8 bytes; Int32 has 4", Assert.Throws<ArgumentException>(() => map.As<int, int>()).Message);
        Assert.Throws<InvalidOperationException>(() => map.AsPerCpu<int, long>());
        using BpfMap perCpu = Create<int, long>(BpfMapType.PerCpuHash, 1);
        Assert.Contains("AsPerCpu", Assert.Throws<InvalidOperationException>(() => perCpu.As<int, long>()).Message);
        using BpfMap ring = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, MaxEntries = 4096 });
        Assert.Throws<InvalidOperationException>(() => ring.As<int, int>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Enumeration_gives_every_entry_once(bool byKey)
    {
        foreach (BpfMapType type in (BpfMapType[])[BpfMapType.Hash, BpfMapType.LruHash, BpfMapType.Array])
        {
            using BpfMap untyped = Create<int, long>(type, 5000);
            BpfMap<int, long> map = untyped.As<int, long>();
            for (int i = 0; i < 5000; i++)
                map[i] = -i;
            int expected = type == BpfMapType.LruHash ? Walk(map, true).Values.Count : 5000; // An LRU map may evict before it is full.
            SortedDictionary<int, long> seen = Walk(map, byKey);
            Assert.Equal(expected, seen.Count);
            Assert.All(seen, pair => Assert.Equal(-pair.Key, pair.Value));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Removing_the_entry_in_hand_disturbs_nothing(bool byKey)
    {
        using BpfMap untyped = Create<int, long>(BpfMapType.Hash, 2000);
        BpfMap<int, long> map = untyped.As<int, long>();
        for (int i = 0; i < 2000; i++)
            map[i] = i;

        var seen = new HashSet<int>();
        BpfMapEnumerator<int, long> walk = byKey ? map.GetKeyEnumerator() : map.GetEnumerator();
        while (walk.MoveNext())
        {
            Assert.True(seen.Add(walk.Current.Key));
            if (walk.Current.Key % 2 == 0)
                Assert.True(map.Remove(walk.Current.Key));
        }

        Assert.Equal(0, walk.Restarts);
        walk.Dispose();
        Assert.Equal(2000, seen.Count);
        Assert.Equal(1000, map.Count);
    }

    /// <summary>Others remove at random what the walk is about to give: it ends, and gives everything that stays.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    public void Removing_other_entries_loses_none_that_stay(bool byKey, int seed)
    {
        var random = new Random(seed);
        using BpfMap untyped = Create<int, long>(BpfMapType.Hash, 1000);
        BpfMap<int, long> map = untyped.As<int, long>();
        for (int i = 0; i < 1000; i++)
            map[i] = i;

        var seen = new HashSet<int>();
        var stay = new HashSet<int>(Enumerable.Range(0, 1000));
        int twice = 0;
        BpfMapEnumerator<int, long> walk = byKey ? map.GetKeyEnumerator() : map.GetEnumerator();
        while (walk.MoveNext())
        {
            if (!seen.Add(walk.Current.Key))
                twice++;
            // A few keys at a time, so that now and then both the key in hand and the one ahead are gone.
            for (int i = random.Next(3); i > 0; i--)
            {
                int key = random.Next(10) == 0 ? walk.Current.Key : random.Next(1000);
                map.Remove(key);
                stay.Remove(key);
            }
        }

        Assert.True(twice == 0 || walk.Restarts > 0, "entries came twice, and it was not said");
        walk.Dispose();
        Assert.Empty(stay.Except(seen));
    }

    [Fact]
    public void Walk_that_never_ends_is_given_up()
    {
        using BpfMap untyped = Create<int, long>(BpfMapType.Hash, 10_000);
        BpfMap<int, long> map = untyped.As<int, long>();
        for (int i = 0; i < 5; i++)
            map[i] = i;
        // Whatever the walk knows is removed under its feet, and something new is there.
        int next = 5;
        Assert.Throws<InvalidOperationException>(() =>
        {
            BpfMapEnumerator<int, long> walk = map.GetKeyEnumerator();
            try
            {
                while (walk.MoveNext())
                {
                    foreach (int key in Enumerable.Range(next - 5, 5))
                        map.Remove(key);
                    for (int i = 0; i < 5; i++)
                        map[next++] = 0;
                }
            }
            finally
            {
                walk.Dispose();
            }
        });
    }

    [Fact]
    public void Buckets_longer_than_a_batch_are_read()
    {
        // Values so large that a batch is one entry, and many entries for few buckets.
        using BpfMap untyped = Create<int, Large>(BpfMapType.Hash, 512);
        BpfMap<int, Large> map = untyped.As<int, Large>();
        for (int i = 0; i < 512; i++)
            map[i] = default;
        Assert.Equal(512, map.Select(pair => pair.Key).Distinct().Count());
    }

    [Fact]
    public void Batches_write_read_take_and_remove()
    {
        using BpfMap untyped = Create<int, long>(BpfMapType.Hash, 10_000);
        BpfMap<int, long> map = untyped.As<int, long>();
        int[] keys = Enumerable.Range(0, 5000).ToArray();
        long[] values = keys.Select(key => key * 3L).ToArray();
        map.SetBatch(keys, values);
        Assert.Equal(5000, map.Count);

        var seen = new Dictionary<int, long>();
        var cursor = default(BpfBatchCursor<int>);
        int[] someKeys = new int[700];
        long[] someValues = new long[700];
        while (!cursor.IsAtEnd)
        {
            int count = map.ReadBatch(ref cursor, someKeys, someValues);
            for (int i = 0; i < count; i++)
                seen.Add(someKeys[i], someValues[i]);
        }

        Assert.Equal(5000, seen.Count);
        Assert.All(seen, pair => Assert.Equal(pair.Key * 3L, pair.Value));
        Assert.Equal(0, map.ReadBatch(ref cursor, someKeys, someValues));

        // Every second key is not there.
        Assert.Equal(1000, map.RemoveBatch(Enumerable.Range(4000, 2000).ToArray()));
        Assert.Equal(0, map.RemoveBatch([7000, 7001]));
        Assert.Equal(0, map.RemoveBatch([]));

        cursor = default;
        int taken = 0;
        while (!cursor.IsAtEnd)
            taken += map.TakeBatch(ref cursor, someKeys, someValues);
        Assert.Equal(4000, taken);
        Assert.Empty(map);

        Assert.Throws<ArgumentException>(() => map.SetBatch([1], []));
        using BpfMap small = Create<int, long>(BpfMapType.Hash, 10);
        Assert.Equal(Errno.E2BIG, Assert.Throws<BpfException>(() => small.As<int, long>().SetBatch(keys, values)).Errno);
    }

    [Fact]
    public void Keys_of_a_byte_can_be_batched()
    {
        using BpfMap untyped = Create<byte, byte>(BpfMapType.Hash, 256);
        BpfMap<byte, byte> map = untyped.As<byte, byte>();
        for (int i = 0; i < 256; i++)
            map[(byte)i] = (byte)~i;
        var seen = new HashSet<byte>();
        var cursor = default(BpfBatchCursor<byte>);
        byte[] keys = new byte[20], values = new byte[20];
        while (!cursor.IsAtEnd)
        {
            int count = map.ReadBatch(ref cursor, keys, values);
            BpfBatchCursor<byte> copy = cursor;
            cursor = copy;
            for (int i = 0; i < count; i++)
            {
                Assert.True(seen.Add(keys[i]));
                Assert.Equal((byte)~keys[i], values[i]);
            }
        }

        Assert.Equal(256, seen.Count);
        Assert.Equal(256, map.Count);
    }

    [Fact]
    public void Operations_allocate_nothing()
    {
        using BpfMap untyped = Create<int, long>(BpfMapType.Hash, 1000);
        BpfMap<int, long> map = untyped.As<int, long>();
        int[] keys = Enumerable.Range(0, 500).ToArray();
        long[] values = new long[500];
        long allocated = 0;
        bool canTake = CanTake;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                map.Set(i, i);
                map.TryGet(i, out _);
                map.TryGet(-1, out _);
                map.TryAdd(i, i);
                map.TryReplace(i, i);
                if (canTake) map.TryTake(i, out _);
                map.Remove(i);
                map.SetBatch(keys, values);
                var cursor = default(BpfBatchCursor<int>);
                map.ReadBatch(ref cursor, keys, values);
                foreach (KeyValuePair<int, long> pair in map)
                    map.TryGet(pair.Key, out _);
                using BpfMapEnumerator<int, long> walk = map.GetKeyEnumerator();
                walk.MoveNext();
                map.RemoveBatch(keys);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Disposed_map_is_refused()
    {
        BpfMap untyped = Create<int, long>(BpfMapType.Hash, 1000);
        BpfMap<int, long> map = untyped.As<int, long>();
        untyped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.TryGet(1, out _));
        Assert.Throws<ObjectDisposedException>(() => map.Set(1, 1));
        Assert.Throws<ObjectDisposedException>(() => map.Count);
        Assert.Throws<ObjectDisposedException>(() => untyped.GetInfo());
    }

    [Fact]
    public void A_descriptor_that_is_used_elsewhere_is_never_another_map()
    {
        Requires.RealProcessor();
        // Maps take each other's descriptors, as fast as they come and go, while other threads look into them.
        BpfMap<int, long>? current = null;
        long wrong = 0, reads = 0, refused = 0;
        bool stop = false;
        Thread[] readers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(Read))];
        foreach (Thread reader in readers)
            reader.Start();
        for (int i = 0; i < 2000 || ((Volatile.Read(ref refused) == 0 || Volatile.Read(ref reads) == 0) && i < 200_000); i++)
        {
            BpfMap untyped = Create<int, long>(BpfMapType.Array, 1);
            BpfMap<int, long> map = untyped.As<int, long>();
            map[0] = untyped.Id;
            Volatile.Write(ref current, map);
            map.TryGet(0, out _);
            if (i % 16 == 0)
                Thread.Yield();
            untyped.Dispose();
        }

        Volatile.Write(ref stop, true);
        foreach (Thread reader in readers)
            reader.Join();
        Assert.Equal(0, wrong);
        Assert.True(reads > 0 && refused > 0, $"{reads} reads, {refused} refused: the threads never met");

        void Read()
        {
            while (!Volatile.Read(ref stop))
            {
                if (Volatile.Read(ref current) is not { } map)
                    continue;
                try
                {
                    for (int i = 0; i < 20; i++)
                    {
                        if (!map.TryGet(0, out long id) || id != map.Map.Id)
                            Interlocked.Increment(ref wrong);
                        Interlocked.Increment(ref reads);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
                catch (BpfException)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }
    }

    private static unsafe BpfMap Create<TKey, TValue>(BpfMapType type, uint entries)
        where TKey : unmanaged
        where TValue : unmanaged => BpfMap.Create(new BpfMapCreateOptions
        {
            Type = type,
            Name = "test",
            KeySize = sizeof(TKey),
            ValueSize = sizeof(TValue),
            MaxEntries = entries,
        });

    private static SortedDictionary<int, long> Walk(BpfMap<int, long> map, bool byKey)
    {
        var seen = new SortedDictionary<int, long>();
        using BpfMapEnumerator<int, long> walk = byKey ? map.GetKeyEnumerator() : map.GetEnumerator();
        while (walk.MoveNext())
            seen.Add(walk.Current.Key, walk.Current.Value);
        return seen;
    }

    [System.Runtime.CompilerServices.InlineArray(30_000)]
    private struct Large
    {
        private byte _first;
    }
}
