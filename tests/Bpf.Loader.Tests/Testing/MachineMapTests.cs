using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Maps;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The limits and errors of the kernel's maps.</summary>
public sealed class MachineMapTests
{
    private readonly BpfMachine _machine = new();

    [Theory]
    [InlineData(BpfMapType.Hash)]
    [InlineData(BpfMapType.PerCpuHash)]
    public void A_hash_takes_so_many_and_no_more(BpfMapType type)
    {
        BpfMachineMap<uint, ulong> map = Make<uint, ulong>(type, 4);
        for (uint key = 0; key < 4; key++) map.Set(key, key * 10);
        Assert.Equal(Errno.E2BIG, Assert.Throws<BpfException>(() => map.Set(4, 40)).Errno);
        map.Set(3, 31);
        Assert.False(map.TryAdd(3, 31));
        Assert.False(map.TryReplace(9, 31));
        Assert.True(map.Remove(0));
        Assert.False(map.Remove(0));
        map.Set(4, 40);
        Assert.Equal([1u, 2, 3, 4], map.Select(static each => each.Key).Order().ToArray());
        Assert.Equal(31ul, map[3]);
        Assert.Throws<KeyNotFoundException>(() => map[0]);
        Assert.True(map.TryReplace(3, 32));
        Assert.True(map.ContainsKey(3));
        Assert.False(map.ContainsKey(0));
        map.Clear();
        Assert.Equal(0, map.Count);
        Assert.True(map.TryAdd(3, 33));
    }

    [Fact]
    public void A_full_lru_forgets_what_was_used_longest_ago()
    {
        BpfMachineMap<uint, ulong> map = Make<uint, ulong>(BpfMapType.LruHash, 3);
        for (uint key = 0; key < 3; key++) map.Set(key, key);
        Assert.NotEqual(0ul, map.Map.Lookup(BitConverter.GetBytes(0u), 0)); // a program looks
        map.Set(3, 3);
        Assert.Equal([0u, 2, 3], map.Select(static each => each.Key).Order().ToArray());
    }

    [Fact]
    public void An_array_is_full_from_the_start()
    {
        BpfMachineMap<uint, ulong> map = Make<uint, ulong>(BpfMapType.Array, 3);
        Assert.Equal(0ul, map[2]);
        Assert.Equal(Errno.E2BIG, Assert.Throws<BpfException>(() => map.Set(3, 1)).Errno);
        Assert.False(map.TryAdd(1, 1));
        Assert.Throws<NotSupportedException>(() => map.Remove(1));
        Assert.Equal(3, map.Count);
        map[1] = 5;
        map.Clear(); // entries that cannot go become zeroes
        Assert.Equal((0ul, 3), (map[1], map.Count));
    }

    [Fact]
    public void Each_cpu_has_a_value_of_its_own()
    {
        BpfMachineMap<uint, ulong> map = Make<uint, ulong>(BpfMapType.PerCpuArray, 1);
        byte[] key = new byte[4];
        _machine.Cpu = 2;
        Assert.Equal(0, map.Map.Put(key, BitConverter.GetBytes(7ul), 0)); // as a program does
        Assert.Equal((0ul, 7ul), (ValueOf(map, 0, 1), ValueOf(map, 0, 2)));
        map.Set(0, 5);
        Assert.Equal((5ul, 5ul), (ValueOf(map, 0, 1), ValueOf(map, 0, 2)));
    }

    private static ulong ValueOf(BpfMachineMap<uint, ulong> map, uint key, int cpu) => map.TryGet(key, cpu, out ulong value) ? value : ulong.MaxValue;

    [Fact]
    public void The_longest_prefix_wins()
    {
        BpfMachineMap<BpfPrefix<uint>, uint> map = Make<BpfPrefix<uint>, uint>(BpfMapType.LpmTrie, 3);
        map.Set(Key(8, 10), 8);
        map.Set(Key(16, 10, 1), 16);
        map.Set(Key(24, 10, 1, 2), 24);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<BpfException>(() => map.Set(Key(32, 10, 1, 2, 3), 32)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<BpfException>(() => map.Set(Key(33, 10), 33)).Errno);
        Assert.Equal(24u, map[Key(32, 10, 1, 2, 3)]);
        Assert.Equal(16u, map[Key(32, 10, 1, 3, 3)]);
        Assert.Equal(16u, map[Key(20, 10, 1, 2, 3)]);
        Assert.Equal(8u, map[Key(32, 10, 2)]);
        Assert.False(map.TryGet(Key(32, 11), out _));
        Assert.False(map.Remove(Key(32, 10, 1, 2, 3)));
        Assert.True(map.Remove(Key(24, 10, 1, 2, 99))); // bits behind the prefix do not count
        Assert.Equal(16u, map[Key(32, 10, 1, 2, 3)]);

        static BpfPrefix<uint> Key(int length, params ReadOnlySpan<byte> address)
        {
            uint bits = 0;
            for (int i = 0; i < address.Length; i++) bits |= (uint)address[i] << (8 * i);
            return new BpfPrefix<uint>(length, bits);
        }
    }

    [Fact]
    public void Queues_give_the_oldest_and_stacks_the_newest()
    {
        var queue = new QueueMap(_machine, Define(BpfMapType.Queue, 0, 4, 2));
        var stack = new QueueMap(_machine, Define(BpfMapType.Stack, 0, 4, 2));
        foreach (QueueMap map in (QueueMap[])[queue, stack])
        {
            Assert.Equal(0, map.Push(BitConverter.GetBytes(1), 0));
            Assert.Equal(0, map.Push(BitConverter.GetBytes(2), 0));
            Assert.Equal(Error.TooBig, map.Push(BitConverter.GetBytes(3), 0));
            Assert.Equal(Error.Invalid, map.Push(BitConverter.GetBytes(3), 1));
            Assert.Equal(0, map.Push(BitConverter.GetBytes(3), 2)); // BPF_EXIST takes the place of the oldest
        }

        byte[] value = new byte[4];
        Assert.Equal((0, 2), (queue.Pop(value), BitConverter.ToInt32(value)));
        Assert.Equal((0, 3), (queue.Pop(value), BitConverter.ToInt32(value)));
        Assert.Equal((Error.NoEntry, 0), (queue.Pop(value), BitConverter.ToInt32(value)));
        Assert.Equal((0, 3), (stack.Peek(value), BitConverter.ToInt32(value)));
    }

    [Fact]
    public void A_ring_loses_what_finds_no_room()
    {
        var ring = new RingBufferMap(_machine, Define(BpfMapType.RingBuf, 0, 0, 4096));
        for (int i = 0; i < 100; i++) ring.Output(new byte[40]);
        // 48 bytes with the header; the last byte of the ring stays free.
        Assert.Equal((85, 15L), (ring.Count, ring.Lost));
        ring.Consume();
        Assert.Equal(0, ring.Output(new byte[40]));
        Assert.Equal(1, ring.Count);
        Assert.Equal(0ul, ring.Reserve(5000));
    }

    [Fact]
    public void Many_keys_are_found_again()
    {
        BpfMachineMap<ulong, ulong> map = Make<ulong, ulong>(BpfMapType.Hash, 100_000);
        var random = new Random(1);
        var expected = new Dictionary<ulong, ulong>();
        for (int i = 0; i < 50_000; i++)
        {
            ulong key = (ulong)random.Next(20_000);
            if (random.Next(3) == 0) Assert.Equal(expected.Remove(key), map.Remove(key));
            else map.Set(key, expected[key] = (ulong)i);
        }

        Assert.Equal(expected.OrderBy(static each => each.Key), map.OrderBy(static each => each.Key));
    }

    [Fact]
    public void Structs_of_another_size_are_refused()
    {
        var map = new HashMap(_machine, Define(BpfMapType.Hash, 4, 8, 1));
        Assert.Throws<ArgumentException>(() => new BpfMachineMap<ulong, ulong>(map));
        Assert.Throws<ArgumentException>(() => map.Set(new byte[4], new byte[4]));
    }

    [Fact]
    public void A_map_of_maps_takes_what_the_object_describes()
    {
        BpfMachineObject bpf = _machine.Load(BpfObjectFile.Open(TestData.PathOf("maps_inner.bpf.o")));
        BpfMachineMap like = bpf.NewInnerMap("with_values");
        bpf.SetInnerMap("with_values", 2u, like);
        Assert.Contains("Array, keys of 4 bytes, values of 8", Assert.Throws<ArgumentException>(() => bpf.SetInnerMap("empty", 0u, like)).Message, StringComparison.Ordinal);
        Assert.Contains("8 entries, and none at 8", Assert.Throws<ArgumentException>(() => bpf.SetInnerMap("with_values", 8u, like)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => bpf.SetInnerMap("with_values", 1ul, like));
        Assert.Throws<ArgumentException>(() => bpf.SetInnerMap("with_values", 1u, new ArrayMap(_machine, Define(BpfMapType.Array, 4, 8, 5))));
    }

    private BpfMachineMap<TKey, TValue> Make<TKey, TValue>(BpfMapType type, uint entries)
        where TKey : unmanaged
        where TValue : unmanaged => new(MapFactory.Create(_machine, Define(type, SizeOf<TKey>(), SizeOf<TValue>(), entries), null));

    private static uint SizeOf<T>() => (uint)System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    private static BpfMapDefinition Define(BpfMapType type, uint key, uint value, uint entries) =>
        new("map", BpfMapKind.User) { Type = type, KeySize = key, ValueSize = value, MaxEntries = entries, Flags = type == BpfMapType.LpmTrie ? BpfMapFlags.NoPrealloc : 0 };
}
