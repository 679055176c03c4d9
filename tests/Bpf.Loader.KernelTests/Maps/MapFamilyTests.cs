using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Each family of maps from both sides: C# writes what a program reads, and the other way round.</summary>
public sealed class MapFamilyTests : KernelTest
{
    private const int MapLookup = 1, TailCall = 12, GetStackId = 27, MapPush = 87, MapPop = 88, MapPeek = 89;

    [Theory]
    [InlineData(BpfMapType.Queue)]
    [InlineData(BpfMapType.Stack)]
    public void Queue_and_stack(BpfMapType type)
    {
        using BpfMap map = Create(type, 0, 8, 4);
        BpfQueue<long> queue = map.AsQueue<long>();
        Assert.False(queue.TryPop(out long value));
        Assert.False(queue.TryPeek(out value));
        for (int i = 1; i <= 4; i++)
            Assert.True(queue.TryPush(i));
        Assert.False(queue.TryPush(5));
        Assert.True(queue.TryPeek(out value));
        Assert.Equal(type == BpfMapType.Queue ? 1 : 4, value);
        queue.Push(5);
        var popped = new List<long>();
        while (queue.TryPop(out value))
            popped.Add(value);
        Assert.Equal(type == BpfMapType.Queue ? [2, 3, 4, 5] : [5, 4, 3, 2], popped);

        // The program pushes 1000 + what it pops.
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 0)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapPop)
            .JumpIf(BpfCondition.NotEqual, R0, 0, "empty")
            .Load(BpfAccessSize.DoubleWord, R6, R10, -8).Alu(BpfAluOperation.Add, R6, 1000).Store(BpfAccessSize.DoubleWord, R10, -8, R6)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 0).CallHelper(MapPush)
            .Return(1)
            .Label("empty").Return(0));
        Assert.Equal(0u, program.Run());
        queue.Push(7);
        Assert.Equal(1u, program.Run());
        Assert.True(queue.TryPop(out value));
        Assert.Equal(1007, value);
        for (int i = 0; i < 3; i++)
            queue.Push(i);
        queue.Clear();
        Assert.False(queue.TryPeek(out _));
        Assert.Throws<InvalidOperationException>(() => map.As<int, long>());
        Assert.Throws<ArgumentException>(() => map.AsQueue<int>());
    }

    [Fact]
    public void Bloom_filter()
    {
        Requires.Function("bloom_map_alloc", "Bloom filters (Linux 5.16)");
        using BpfMap map = Create(BpfMapType.BloomFilter, 0, 8, 1000);
        BpfBloomFilter<long> filter = map.AsBloomFilter<long>();
        for (long i = 0; i < 1000; i++)
            filter.Add(i * 7);
        for (long i = 0; i < 1000; i++)
            Assert.True(filter.MayContain(i * 7));
        Assert.InRange(Enumerable.Range(10_000, 1000).Count(i => filter.MayContain(i)), 0, 500);

        // The kernel hashes with a seed of its own for each filter, so that any value may be taken for one that was added.
        int absent = Enumerable.Range(10_000, 1000).First(i => !filter.MayContain(i));
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 14)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapPeek)
            .Move(R6, R0)
            .Store(BpfAccessSize.DoubleWord, R10, -8, absent)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 0).CallHelper(MapPush)
            .Move(R0, R6).Exit());
        Assert.False(filter.MayContain(absent));
        Assert.Equal(0u, program.Run());
        Assert.True(filter.MayContain(absent));
    }

    [Fact]
    public void Longest_prefix_trie()
    {
        using BpfMap map = Create(BpfMapType.LpmTrie, 8, 8, 100, BpfMapFlags.NoPrealloc);
        BpfLpmTrie<uint, long> trie = map.AsLpmTrie<uint, long>();
        trie.Set(IPNetwork.Parse("10.0.0.0/8"), 8);
        trie.Set(IPNetwork.Parse("10.1.0.0/16"), 16);
        trie.Set(IPNetwork.Parse("10.1.2.0/24"), 24);
        trie.Set(0, 0, 99);
        Assert.True(trie.TryGet(IPAddress.Parse("10.1.2.3"), out long value));
        Assert.Equal(24, value);
        Assert.True(trie.TryGet(IPAddress.Parse("10.1.3.3"), out value));
        Assert.Equal(16, value);
        Assert.True(trie.TryGet(IPAddress.Parse("10.2.2.3"), out value));
        Assert.Equal(8, value);
        Assert.True(trie.Remove(0, 0));
        Assert.False(trie.Remove(0, 0));
        Assert.False(trie.TryGet(IPAddress.Parse("11.2.2.3"), out _));
        Assert.Throws<ArgumentException>(() => trie.TryGet(IPAddress.IPv6Loopback, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => trie.Set(33, 0, 0));

        var seen = new SortedSet<string>();
        foreach (var ((length, address), entry) in trie)
        {
            seen.Add(new BpfPrefix<uint>(length, address).ToString());
            Assert.Equal(length, entry);
        }

        Assert.Equal(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"], seen);

        // Exactly a prefix, not one that fits; the look-up of the kernel does not tell.
        Assert.True(trie.ContainsKey(IPNetwork.Parse("10.1.0.0/16")));
        Assert.False(trie.ContainsKey(IPNetwork.Parse("10.1.0.0/17")));
        Assert.False(trie.ContainsKey(IPNetwork.Parse("10.1.2.3/32")));
        Assert.All(seen, each => Assert.True(trie.ContainsKey(IPNetwork.Parse(each))));
        Assert.False(trie.TryAdd(IPNetwork.Parse("10.1.0.0/16"), 0));
        Assert.False(trie.TryReplace(IPNetwork.Parse("10.1.0.0/17"), 0));
        Assert.True(trie.TryAdd(IPNetwork.Parse("10.1.0.0/17"), 0));
        Assert.True(trie.TryReplace(IPNetwork.Parse("10.1.0.0/17"), 17));
        Assert.Equal(4, trie.Count);
        Assert.Equal(17, trie.Single(each => each.Key.PrefixLength == 17).Value);
        Assert.True(trie.Remove(IPNetwork.Parse("10.1.0.0/17")));

        // The program looks 10.1.2.77 up.
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.Word, R10, -8, 32)
            .Store(BpfAccessSize.Word, R10, -4, BitConverter.ToInt32([10, 1, 2, 77]))
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "out")
            .Load(BpfAccessSize.DoubleWord, R0, R0, 0)
            .Label("out").Exit());
        Assert.Equal(24u, program.Run());
        Assert.True(trie.Remove(IPNetwork.Parse("10.1.2.0/24")));
        Assert.Equal(16u, program.Run());
        trie.Clear();
        Assert.Equal(0, trie.Count);
        Assert.False(trie.ContainsKey(IPNetwork.Parse("10.1.0.0/16")));
        Assert.Equal(0u, program.Run());

        using BpfMap six = Create(BpfMapType.LpmTrie, 20, 4, 100, BpfMapFlags.NoPrealloc);
        BpfLpmTrie<UInt128, int> wide = six.AsLpmTrie<UInt128, int>();
        wide.Set(IPNetwork.Parse("2001:db8::/32"), 32);
        wide.Set(IPNetwork.Parse("2001:db8:1::/48"), 48);
        Assert.True(wide.TryGet(IPAddress.Parse("2001:db8:1::5"), out int found));
        Assert.Equal(48, found);
        Assert.Throws<ArgumentException>(() => six.AsLpmTrie<uint, int>());
    }

    [Fact]
    public void Program_array()
    {
        using BpfMap map = Create(BpfMapType.ProgArray, 4, 4, 8);
        BpfProgramArray array = map.AsProgramArray();
        using TestProgram target = TestProgram.Load(new BpfAssembler().Return(77));
        using TestProgram caller = TestProgram.Load(new BpfAssembler()
            .LoadMap(R2, map).Move(R3, 3).CallHelper(TailCall).Return(5));
        Assert.Equal(5u, caller.Run());
        Assert.Equal(Errno.None, BpfSyscall.GetProgramInfo(target.Handle, out ProgInfo info));
        using (BpfProgram program = BpfProgram.OpenById(info.Id))
            array.Set(3, program);
        Assert.True(array.TryGetId(3, out uint id));
        Assert.Equal(info.Id, id);
        Assert.Equal(77u, caller.Run());
        Assert.True(array.Remove(3));
        Assert.False(array.Remove(3));
        Assert.False(array.TryGetId(3, out _));
        Assert.Equal(5u, caller.Run());

        // A walk passes over the empty places, and starts nowhere again.
        using (BpfProgram program = BpfProgram.OpenById(info.Id))
        {
            array.Set(2, program);
            array.Set(6, program);
        }

        using BpfMapEnumerator<uint, uint> walk = map.As<uint, uint>().GetKeyEnumerator();
        var seen = new List<uint>();
        while (walk.MoveNext())
            seen.Add(walk.Current.Key);
        Assert.Equal([2, 6], seen);
        Assert.Equal(0, walk.Restarts);
        Assert.Equal(2, array.Count);
        Assert.True(array.ContainsKey(6));
        Assert.False(array.ContainsKey(5));
        Assert.True(array.TryGet(6, out BpfProgram? placed));
        using (placed) Assert.Equal(info.Id, placed.Id);
        Assert.False(array.TryGet(5, out _));
        array.Clear();
        Assert.Equal(0, array.Count);

        using TestProgram other = TestProgram.Load(new BpfAssembler().Return(0), BpfProgramType.Xdp);
        Assert.Equal(Errno.None, BpfSyscall.GetProgramInfo(other.Handle, out info));
        using BpfProgram xdp = BpfProgram.OpenById(info.Id);
        Assert.Contains("may not fit", Assert.Throws<BpfException>(() => array.Set(1, xdp)).Message);
    }

    [Theory]
    [InlineData(BpfMapType.ArrayOfMaps)]
    [InlineData(BpfMapType.HashOfMaps)]
    public void Maps_of_maps(BpfMapType type)
    {
        using BpfMap first = Create(BpfMapType.Array, 4, 8, 1);
        using BpfMap second = Create(BpfMapType.Array, 4, 8, 1);
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = "outer", KeySize = 4, ValueSize = 4, MaxEntries = 4, InnerMap = first });
        BpfMapOfMaps<uint> outer = map.AsMapOfMaps<uint>();
        first.As<uint, long>()[0] = 11;
        second.As<uint, long>()[0] = 22;

        // The program gives the value of the map at key 1.
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.Word, R10, -4, 1)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "out")
            .Store(BpfAccessSize.Word, R10, -4, 0)
            .Move(R1, R0).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "out")
            .Load(BpfAccessSize.DoubleWord, R0, R0, 0)
            .Label("out").Exit());
        Assert.Equal(0u, program.Run());
        Assert.False(outer.TryGetId(1, out _));
        Assert.False(outer.TryGet(1, out _));
        outer.Set(1, first);
        Assert.Equal(11u, program.Run());
        outer.Set(1, second);
        Assert.Equal(22u, program.Run());
        Assert.True(outer.TryGetId(1, out uint id));
        Assert.Equal(second.Id, id);
        Assert.True(outer.TryGet(1, out BpfMap? inner));
        using (inner)
            inner.As<uint, long>()[0] = 33;
        Assert.Equal(33u, program.Run());
        Assert.Equal([KeyValuePair.Create(1u, second.Id)], map.As<uint, uint>());
        Assert.Equal(1, outer.Count);
        Assert.True(outer.ContainsKey(1));
        Assert.True(outer.Remove(1));
        Assert.False(outer.Remove(1));
        Assert.False(outer.ContainsKey(1));
        outer.Set(0, first);
        outer.Set(3, second);
        outer.Clear();
        Assert.Equal(0, outer.Count);

        using BpfMap wrong = Create(BpfMapType.Hash, 4, 8, 1);
        Assert.Contains("not like the inner map", Assert.Throws<BpfException>(() => outer.Set(1, wrong)).Message);
    }

    [Fact]
    public void Stack_traces()
    {
        using BpfMap map = Create(BpfMapType.StackTrace, 4, 8 * 127, 64);
        BpfStackTraces traces = map.AsStackTraces();
        Assert.Equal(127, traces.MaxDepth);
        using TestProgram program = TestProgram.Load(
            new BpfAssembler().LoadMap(R2, map).Move(R3, 0).CallHelper(GetStackId).Exit(), BpfProgramType.RawTracepoint);
        int id = (int)program.RunWithContext(new byte[8]);
        Assert.True(id >= 0, $"the program got {(Errno)(-id)}");
        ulong[] addresses = new ulong[127];
        Assert.True(traces.TryGet(id, addresses, out int depth));
        Assert.InRange(depth, 3, 127);
        Assert.DoesNotContain(0ul, addresses[..depth]);
        Assert.True(traces.ContainsKey(id));
        Assert.Equal(1, traces.Count);
        traces.Clear();
        Assert.False(traces.Remove(id));
        Assert.Equal(id, (int)program.RunWithContext(new byte[8]));
        Assert.True(traces.Remove(id));
        Assert.False(traces.TryGet(id, addresses, out _));
        Assert.False(traces.TryGet(-14, addresses, out _));
        Assert.Throws<ArgumentException>(() => traces.TryGet(id, new ulong[5], out _));
        Assert.Throws<InvalidOperationException>(() => traces.TryGet(id, new BpfStackBuildId[127], out _));

        using BpfMap byFile = Create(BpfMapType.StackTrace, 4, 32 * 100, 64, BpfMapFlags.StackBuildId);
        Assert.Equal(100, byFile.AsStackTraces().MaxDepth);
        Assert.Equal(32, Marshal.SizeOf<BpfStackBuildId>());
    }

    [Fact]
    public void Storage_of_sockets_and_tasks()
    {
        using BpfMap map = Create(BpfMapType.SkStorage, 4, 12, 0, BpfMapFlags.NoPrealloc);
        BpfStorageMap<Triple> storage = map.AsStorage<Triple>();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.False(storage.TryGet(socket.SafeHandle, out _));
        Assert.True(storage.TryAdd(socket.SafeHandle, new Triple(1, 2, 3)));
        Assert.False(storage.TryAdd(socket.SafeHandle, new Triple(4, 5, 6)));
        storage.Set(socket.SafeHandle, new Triple(7, 8, 9));
        Assert.True(storage.TryGet(socket.SafeHandle, out Triple value));
        Assert.Equal(new Triple(7, 8, 9), value);
        Assert.True(storage.ContainsKey(socket.SafeHandle));
        Assert.True(storage.TryReplace(socket.SafeHandle, default));
        Assert.True(storage.Remove(socket.SafeHandle));
        Assert.False(storage.TryReplace(socket.SafeHandle, default));
        Assert.False(storage.ContainsKey(socket.SafeHandle));
        Assert.False(storage.Remove(socket.SafeHandle));
        using FileStream file = File.OpenRead("/proc/self/status");
        Assert.Throws<BpfException>(() => storage.TryGet(file.SafeFileHandle, out _));

        using BpfMap files = Create(BpfMapType.InodeStorage, 4, 8, 0, BpfMapFlags.NoPrealloc);
        Assert.NotNull(files.Btf);
        Assert.Equal(BtfKind.Int, files.Btf[files.KeyType].Kind);
    }

    [Fact]
    public void Sockets_and_cgroups_are_put_in_by_descriptor()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndpoint);
        using Socket server = listener.AcceptSocket();

        using BpfMap sockets = Create(BpfMapType.SockMap, 4, 8, 4);
        BpfDescriptorArray array = sockets.AsDescriptorArray();
        array.Set(2, client.SafeHandle);
        Assert.True(sockets.As<uint, ulong>().TryGet(2, out ulong cookie));
        Assert.NotEqual(0ul, cookie);
        Assert.True(array.Remove(2));
        Assert.False(array.Remove(2));
        array.Set(2, client.SafeHandle);
        array.Clear();
        Assert.False(array.Remove(2));

        using BpfMap table = Create(BpfMapType.SockHash, 4, 8, 4);
        BpfSocketHash<int> hash = table.AsSocketHash<int>();
        Assert.False(hash.ContainsKey(5));
        hash.Set(5, client.SafeHandle);
        hash.Set(6, server.SafeHandle);
        Assert.Equal(2, hash.Count);
        Assert.Equal((true, true, false), (hash.ContainsKey(5), hash.ContainsKey(6), hash.ContainsKey(7)));
        hash.Clear();
        Assert.Equal(0, hash.Count);
        hash.Set(5, client.SafeHandle);
        Assert.True(hash.TryGetCookie(5, out ulong same));
        Assert.Equal(cookie, same);
        Assert.False(hash.TryGetCookie(6, out _));
        Assert.True(hash.Remove(5));
        Assert.False(hash.Remove(5));

        using FileStream file = File.OpenRead("/proc/self/status");
        Assert.Throws<BpfException>(() => array.Set(0, file.SafeFileHandle));
        using BpfMap events = Create(BpfMapType.PerfEventArray, 4, 4, 2);
        Assert.Contains("does not fit", Assert.Throws<BpfException>(() => events.AsDescriptorArray().Set(0, client.SafeHandle)).Message);
    }

    [Fact]
    public void A_map_is_found_by_its_name()
    {
        string name = $"n{Environment.ProcessId}_and_more_than_15";
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = name, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        BpfMap found = Assert.Single(BpfMap.OpenByName(name));
        using (found)
            Assert.Equal(map.Id, found.Id);
        Assert.Empty(BpfMap.OpenByName("no map is called that"));
    }

    [Fact]
    public void Types_are_kept_by_the_kernel()
    {
        var builder = new BtfBuilder();
        BtfTypeId integer = builder.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId point = builder.AddStruct("point", 8);
        builder.AddMember("x", integer, 0);
        builder.AddMember("y", integer, 32);
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions
        {
            Type = BpfMapType.Hash,
            KeySize = 4,
            ValueSize = 8,
            MaxEntries = 1,
            Btf = builder.ToReader(),
            KeyType = integer,
            ValueType = point,
        });
        using BpfMap again = BpfMap.OpenById(map.Id);
        Assert.NotNull(again.Btf);
        Assert.Equal("point", again.Btf[again.ValueType].Name);
        Assert.Equal("int", again.Btf[again.KeyType].Name);

        again.CheckKeyLayout(BpfStructLayout.Of<int>(static _ => { }));
        again.CheckValueLayout(BpfStructLayout.Of<Point>(fields => fields.Add(ref fields.Value.X).Add(ref fields.Value.Y)));
        string message = Assert.Throws<ArgumentException>(
            () => again.CheckValueLayout(BpfStructLayout.Of<Point>(fields => fields.Add(ref fields.Value.X, "Y").Add(ref fields.Value.Y, "X")))).Message;
        Assert.Contains("the C# field 'Point.Y' (offset 0, 4 bytes) is the C field 'y' (offset 4, 4 bytes)", message, StringComparison.Ordinal);
        using BpfMap untyped = Create(BpfMapType.Hash, 4, 8, 1);
        Assert.Throws<InvalidOperationException>(() => untyped.CheckKeyLayout(BpfStructLayout.Of<int>(static _ => { })));
    }

    private static BpfMap Create(BpfMapType type, int keySize, int valueSize, uint entries, BpfMapFlags flags = 0) => BpfMap.Create(
        new BpfMapCreateOptions { Type = type, Name = "family", KeySize = keySize, ValueSize = valueSize, MaxEntries = entries, Flags = flags });

    private readonly record struct Triple(int A, int B, int C);

    private struct Point
    {
        public int X;
        public int Y;
    }
}
