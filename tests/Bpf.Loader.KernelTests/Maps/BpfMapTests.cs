using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

public sealed class BpfMapTests : KernelTest
{
    [Fact]
    public void What_was_asked_for_is_what_the_kernel_reports()
    {
        Requires.Function("bloom_map_alloc", "Bloom filters (Linux 5.16)");
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions
        {
            Type = BpfMapType.BloomFilter,
            Name = "a_name_that_is_longer_than_15",
            ValueSize = 12,
            MaxEntries = 100,
            Flags = BpfMapFlags.ZeroSeed,
            MapExtra = 3,
            NumaNode = 0,
        });
        Assert.Equal("a_name_that_is_longer_than_15", map.Name);
        Assert.Equal(BpfMapType.BloomFilter, map.Type);
        Assert.Equal(0, map.KeySize);
        Assert.Equal(12, map.ValueSize);
        Assert.Equal(100u, map.MaxEntries);
        Assert.Equal(BpfMapFlags.ZeroSeed | BpfMapFlags.NumaNode, map.Flags);
        Assert.Equal(3u, map.MapExtra);
        Assert.NotEqual(0u, map.Id);
        Assert.Equal("a_name_that_is_", map.GetInfo().Name);
    }

    [Theory]
    [InlineData(BpfMapType.Hash)]
    [InlineData(BpfMapType.Array)]
    [InlineData(BpfMapType.PerCpuHash)]
    [InlineData(BpfMapType.LpmTrie)]
    public void Entries_come_as_bytes_each_once(BpfMapType type)
    {
        const int Count = 3000; // more than a batch
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions
        {
            Type = type,
            KeySize = type == BpfMapType.LpmTrie ? 8 : 4,
            ValueSize = 8,
            MaxEntries = Count,
            Flags = type == BpfMapType.LpmTrie ? BpfMapFlags.NoPrealloc : BpfMapFlags.None,
        });
        byte[] key = new byte[map.KeySize], value = new byte[map.ValueBufferSize];
        for (int i = 0; i < Count; i++)
        {
            if (type == BpfMapType.LpmTrie) BitConverter.TryWriteBytes(key, 32);
            BitConverter.TryWriteBytes(key.AsSpan(key.Length - 4), i);
            value.AsSpan().Fill((byte)i);
            map.Set(key, value);
        }

        bool[] seen = new bool[Count];
        foreach (BpfMapEntry entry in map.EnumerateEntries())
        {
            int number = BitConverter.ToInt32(entry.Key[^4..]);
            Assert.False(seen[number], $"{number} came twice");
            seen[number] = true;
            Assert.Equal(map.ValueBufferSize, entry.Value.Length);
            Assert.False(entry.Value.ContainsAnyExcept((byte)number), $"{number}");
        }

        Assert.DoesNotContain(false, seen);
    }

    [Fact]
    public void Bytes_go_in_and_come_out()
    {
        using BpfMap map = Hash();
        byte[] key = [1, 2, 3], value = [4, 5, 6, 7, 8], result = new byte[5];
        Assert.False(map.TryGet(key, result));
        Assert.False(map.TryReplace(key, value));
        Assert.True(map.TryAdd(key, value));
        Assert.False(map.TryAdd(key, value));
        Assert.True(map.TryGet(key, result));
        Assert.Equal(value, result);
        byte[] next = new byte[3];
        Assert.True(map.TryGetNextKey(default, next));
        Assert.Equal(key, next);
        Assert.False(map.TryGetNextKey(key, next));
        result.AsSpan().Clear();
        if (Requires.Has("htab_map_lookup_and_delete_elem")) // Linux 5.14
        {
            Assert.True(map.TryTake(key, result));
            Assert.Equal(value, result);
            map.Set(key, value);
        }

        Assert.True(map.Remove(key));
        Assert.False(map.Remove(key));
    }

    [Fact]
    public void Sizes_are_checked_before_the_kernel_sees_them()
    {
        using BpfMap map = Hash();
        foreach (int wrong in (int[])[0, 2, 4, 100])
        {
            Assert.Throws<ArgumentException>(() => map.TryGet(new byte[wrong], new byte[5]));
            Assert.Throws<ArgumentException>(() => map.TryGet(new byte[3], new byte[wrong]));
            Assert.Throws<ArgumentException>(() => map.Set(new byte[wrong], new byte[5]));
            Assert.Throws<ArgumentException>(() => map.Set(new byte[3], new byte[wrong]));
            Assert.Throws<ArgumentException>(() => map.TryTake(new byte[3], new byte[wrong]));
            Assert.Throws<ArgumentException>(() => map.Remove(new byte[wrong]));
            Assert.Throws<ArgumentException>(() => map.TryGetNextKey(default, new byte[wrong]));
            if (wrong != 0)
                Assert.Throws<ArgumentException>(() => map.TryGetNextKey(new byte[wrong], new byte[3]));
        }

        using BpfMap ring = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, MaxEntries = 4096 });
        Assert.Throws<InvalidOperationException>(() => ring.TryGet(default, default));
    }

    [Fact]
    public void Opened_by_id_it_is_the_same_map()
    {
        using BpfMap map = Hash();
        Assert.Contains(map.Id, BpfMap.EnumerateIds());
        using (BpfMap other = BpfMap.OpenById(map.Id))
        {
            other.Set([1, 2, 3], [1, 1, 1, 1, 1]);
            Assert.Equal("bytes", other.Name);
        }

        using (BpfMap reader = BpfMap.OpenById(map.Id, BpfMapAccess.ReadOnly))
        {
            Assert.True(reader.TryGet([1, 2, 3], new byte[5]));
            BpfException refused = Assert.Throws<BpfException>(() => reader.Set([1, 2, 3], new byte[5]));
            Assert.Equal(Errno.EPERM, refused.Errno);
            Assert.Contains("read-only", refused.Message);
        }

        using (BpfMap writer = BpfMap.OpenById(map.Id, BpfMapAccess.WriteOnly))
        {
            writer.Set([1, 2, 3], new byte[5]);
            Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(() => writer.TryGet([1, 2, 3], new byte[5])).Errno);
        }

        uint id = map.Id;
        map.Dispose();
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfMap.OpenById(uint.MaxValue - 1)).Errno);
        Assert.NotEqual(0u, id);
    }

    [Fact]
    public void A_duplicate_has_a_life_of_its_own()
    {
        BpfMap map = Hash();
        using BpfMap copy = map.Duplicate();
        map.Set([1, 2, 3], new byte[5]);
        map.Dispose();
        map.Dispose();
        Assert.True(copy.TryGet([1, 2, 3], new byte[5]));
    }

    [Fact]
    public void Pinned_it_stays()
    {
        using var files = new TestFileSystem();
        string path = files["kept"];
        using (BpfMap map = Hash())
        {
            map.Set([1, 2, 3], [9, 8, 7, 6, 5]);
            map.Pin(path);
            Assert.Equal(path, map.PinPath);
            BpfException twice = Assert.Throws<BpfException>(() => map.Pin(path));
            Assert.Equal(Errno.EEXIST, twice.Errno);
            Assert.Throws<InvalidOperationException>(() => map.Pin(files["elsewhere"]));
        }

        using (BpfMap map = BpfMap.OpenPinned(path))
        {
            byte[] value = new byte[5];
            Assert.True(map.TryGet([1, 2, 3], value));
            Assert.Equal([9, 8, 7, 6, 5], value);
            using (BpfMap reader = BpfMap.OpenPinned(path, BpfMapAccess.ReadOnly))
                Assert.Throws<BpfException>(() => reader.Remove([1, 2, 3]));
            map.Unpin();
            Assert.Null(map.PinPath);
            Assert.False(File.Exists(path));
            Assert.Throws<InvalidOperationException>(() => map.Unpin());
        }

        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfMap.OpenPinned(path)).Errno);
    }

    [Fact]
    public void What_is_not_a_bpf_file_system_is_refused_with_the_mount_command()
    {
        string directory = Directory.CreateTempSubdirectory("not-bpffs-").FullName;
        using BpfMap map = Hash();
        BpfException refused = Assert.Throws<BpfException>(() => map.Pin(Path.Combine(directory, "map")));
        Assert.Equal(BpfDiagnosticId.PinRefused, refused.Id);
        Assert.Contains($"'{directory}' is not on a bpf file system", refused.Message);
        Assert.Contains("mount -t bpf bpf", refused.Message);
        Assert.Null(map.PinPath);
        Directory.Delete(directory);
    }

    [Fact]
    public void A_pinned_program_is_not_a_map()
    {
        using var files = new TestFileSystem();
        using TestProgram program = TestProgram.Load(new BpfAssembler().Return(0));
        Assert.Equal(Errno.None, BpfSyscall.ObjectPin(files["program"], program.Handle));
        Assert.Equal(BpfDiagnosticId.PinnedOtherKind, Assert.Throws<BpfException>(() => BpfMap.OpenPinned(files["program"])).Id);
        File.Delete(files["program"]);
    }

    [Fact]
    public void Frozen_it_is_read_only()
    {
        using BpfMap map = Hash();
        map.Set([1, 2, 3], new byte[5]);
        map.Freeze();
        Assert.Contains("frozen", Assert.Throws<BpfException>(() => map.Set([1, 2, 3], new byte[5])).Message);
        Assert.True(map.TryGet([1, 2, 3], new byte[5]));
        Assert.Contains("frozen already", Assert.Throws<BpfException>(map.Freeze).Message);

        using BpfMap mapped = BpfMap.Create(
            new BpfMapCreateOptions { Type = BpfMapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1, Flags = BpfMapFlags.Mmapable });
        using (mapped.MapGlobals())
            Assert.Contains("mapped for writing", Assert.Throws<BpfException>(mapped.Freeze).Message);
        mapped.Freeze();
    }

    [Fact]
    public void What_the_kernel_refuses_to_create_is_an_error()
    {
        BpfException refused = Assert.Throws<BpfException>(() => BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "empty" }));
        Assert.Equal(Errno.EINVAL, refused.Errno);
        Assert.Contains("'empty'", refused.Message);
        Assert.Contains("InnerMap", Assert.Throws<BpfException>(() => BpfMap.Create(
            new BpfMapCreateOptions { Type = BpfMapType.ArrayOfMaps, KeySize = 4, ValueSize = 4, MaxEntries = 1 })).Message);
    }

    [Theory]
    [InlineData(BpfMapType.PerCpuHash)]
    [InlineData(BpfMapType.PerCpuArray)]
    [InlineData(BpfMapType.LruPerCpuHash)]
    public void Per_cpu_values_are_those_of_each_cpu(BpfMapType type)
    {
        using BpfMap untyped = BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = "cpus", KeySize = 4, ValueSize = 12, MaxEntries = 64 });
        BpfPerCpuMap<int, Triple> map = untyped.AsPerCpu<int, Triple>();
        Assert.Equal(16 * map.CpuCount, untyped.ValueBufferSize);

        Triple[] values = new Triple[map.CpuCount], result = new Triple[map.CpuCount];
        for (int key = 0; key < 8; key++)
        {
            for (int cpu = 0; cpu < values.Length; cpu++)
                values[cpu] = new Triple(key, cpu, -1);
            map.Set(key, values);
            Assert.True(map.TryGet(key, result));
            Assert.Equal(values, result);
            Assert.False(map.TryAdd(key, values));
        }

        int seen = 0;
        foreach (BpfPerCpuEntry<int, Triple> entry in map)
        {
            if (entry.Key >= 8)
                continue;
            seen++;
            for (int cpu = 0; cpu < entry.Values.Length; cpu++)
                Assert.Equal(new Triple(entry.Key, cpu, -1), entry.Values[cpu]);
            entry.Values.CopyTo(result);
            Assert.Equal(new Triple(entry.Key, 0, -1), result[0]);
        }

        Assert.Equal(8, seen);
        Assert.False(map.TryGet(1000, result));
        Assert.Throws<ArgumentException>(() => map.TryGet(1, new Triple[map.CpuCount + 1]));
        Assert.Throws<ArgumentException>(() => map.Set(1, []));
        if (type == BpfMapType.PerCpuArray)
            return;
        if (Requires.Has("htab_map_lookup_and_delete_elem")) // Linux 5.14
        {
            Assert.True(map.TryTake(3, result));
            Assert.Equal(3, result[0].A);
        }
        else Assert.True(map.Remove(3));
        Assert.True(map.Remove(4));
        Assert.False(map.Remove(4));
        Assert.Equal(6, Count(map));
    }

    [Fact]
    public void Per_cpu_operations_allocate_nothing()
    {
        using BpfMap untyped = BpfMap.Create(
            new BpfMapCreateOptions { Type = BpfMapType.PerCpuHash, KeySize = 4, ValueSize = 8, MaxEntries = 64 });
        using BpfMap odd = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.PerCpuHash, KeySize = 4, ValueSize = 12, MaxEntries = 64 });
        BpfPerCpuMap<int, long> map = untyped.AsPerCpu<int, long>();
        BpfPerCpuMap<int, Triple> oddMap = odd.AsPerCpu<int, Triple>();
        long[] values = new long[map.CpuCount];
        Triple[] triples = new Triple[map.CpuCount];
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                map.Set(i, values);
                map.TryGet(i, values);
                oddMap.Set(i, triples);
                oddMap.TryGet(i, triples);
                foreach (BpfPerCpuEntry<int, long> entry in map)
                    entry.Values.CopyTo(values);
                map.Remove(i);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static int Count(BpfPerCpuMap<int, Triple> map)
    {
        int count = 0;
        foreach (BpfPerCpuEntry<int, Triple> _ in map)
            count++;
        return count;
    }

    private static BpfMap Hash() =>
        BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "bytes", KeySize = 3, ValueSize = 5, MaxEntries = 10 });

    private readonly record struct Triple(int A, int B, int C);
}
