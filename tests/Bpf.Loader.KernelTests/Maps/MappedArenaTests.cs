using System;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

public sealed class MappedArenaTests : KernelTest
{
    [Fact]
    public void Program_and_user_share_it()
    {
        NeedArenas();
        using BpfObject bpf = TestObjects.Load("maps_arena");
        using MappedArena arena = bpf.Maps["arena"].MapArena();
        Assert.Equal(1ul << 44, arena.Address);
        Assert.Equal(16ul * 4096, arena.Length);
        ref ulong counter = ref arena.Ref<ulong>(Find(arena, 5));
        Assert.Equal(5ul, counter);
        Interlocked.Add(ref counter, 100);
        Assert.Equal(0u, bpf.Programs["touch"].TestRun(new BpfTestRunOptions()).ReturnValue);
        Assert.Equal(5ul + 100 + 3, Volatile.Read(ref counter));

        // A second view, by another descriptor, is the same memory.
        using BpfMap again = BpfMap.OpenById(bpf.Maps["arena"].Id);
        using MappedArena other = again.MapArena();
        Assert.Equal(108ul, other.Resolve<ulong>(arena.Address + Find(arena, 108)));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(0x100_0000_0000ul)]
    public void References_outlive_dispose(ulong address)
    {
        NeedArenas();
        using BpfMap map = Create(4, address);
        MappedArena arena = map.MapArena();
        ref int number = ref arena.Ref<int>(8);
        Span<byte> span = arena.Slice(4096, 4096);
        number = 42;
        span.Fill(7);
        Assert.True(arena.TryRead(4096, new byte[1]));
        arena.Dispose();
        arena.Dispose();
        Assert.Equal(0, number);
        number = 43;
        span.Clear();
        Assert.Throws<ObjectDisposedException>(() => arena.Ref<int>(8));
        Assert.Throws<ObjectDisposedException>(() => arena.TryRead(0, new byte[1]));

        // The arena itself has kept what was written to it, at its own address.
        using MappedArena again = map.MapArena();
        if (address != 0)
            Assert.Equal(address, again.Address);
        Assert.Equal(42, again.Ref<int>(8));
        Assert.Equal(7, again.Slice(4096, 4096)[4095]);
    }

    [Fact]
    public void A_place_that_is_taken_is_refused_and_taken_when_it_is_free()
    {
        NeedArenas();
        const ulong Address = 0x200_0000_0000;
        using BpfMap first = Create(1, Address), second = Create(1, Address);
        using (MappedArena arena = first.MapArena())
        {
            BpfException refused = Assert.Throws<BpfException>(second.MapArena);
            Assert.Equal(Errno.EEXIST, refused.Errno);
            Assert.Contains("0x20000000000", refused.Message, StringComparison.Ordinal);
        }

        using MappedArena there = second.MapArena();
        Assert.Equal(Address, there.Address);
    }

    [Fact]
    public void A_place_with_references_of_old_is_taken_by_one_arena_at_a_time()
    {
        NeedArenas();
        const ulong Address = 0x210_0000_0000;
        using BpfMap old = Create(1, Address), first = Create(1, Address), second = Create(1, Address);
        using (MappedArena left = old.MapArena())
            left.Ref<int>(0) = 1;

        using MappedArena arena = first.MapArena();
        arena.Ref<int>(0) = 2;
        Assert.Equal(Errno.EEXIST, Assert.Throws<BpfException>(second.MapArena).Errno);
        Assert.Equal(2, arena.Ref<int>(0));
    }

    [Fact]
    public void Pages_that_are_not_there_can_be_asked_for()
    {
        NeedArenas();
        using BpfMap map = Create(4, 0, BpfMapFlags.SegvOnFault);
        using MappedArena arena = map.MapArena();
        Assert.Throws<InvalidOperationException>(() => arena.Ref<int>(0));
        Assert.False(arena.TryRead(0, new byte[8]));
        Assert.False(arena.TryWrite(0, new byte[8]));

        using BpfMap willing = Create(4, 0);
        using MappedArena growing = willing.MapArena();
        Assert.True(growing.TryWrite(100, [1, 2, 3]));
        byte[] bytes = new byte[3];
        Assert.True(growing.TryRead(100, bytes));
        Assert.Equal([1, 2, 3], bytes);
        Assert.Equal(2, growing.Slice(101, 1)[0]);
    }

    [Fact]
    public void Ranges_are_checked()
    {
        NeedArenas();
        using BpfMap map = Create(1, 0);
        using MappedArena arena = map.MapArena();
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Ref<long>(4096 - 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Slice(4097, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Slice(ulong.MaxValue, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.TryRead(4090, new byte[10]));
        Assert.Equal(0, arena.Slice(4096, 0).Length);
        Assert.Equal(16ul, arena.OffsetOf(arena.Address + 16));
        Assert.Equal(16ul, arena.OffsetOf((uint)(arena.Address + 16)));

        using BpfMap array = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Throws<InvalidOperationException>(array.MapArena);
    }

    internal static void NeedArenas() => Assert.SkipUnless(BpfFeatures.Supports(BpfMapType.Arena), "Arenas are there since Linux 6.9.");

    private static BpfMap Create(uint pages, ulong address, BpfMapFlags flags = 0) => BpfMap.Create(new BpfMapCreateOptions
    {
        Type = BpfMapType.Arena,
        Name = "arena",
        MaxEntries = pages,
        MapExtra = address,
        Flags = BpfMapFlags.Mmapable | flags,
    });

    /// <summary>Where a global with that value is: in the first page or, where the kernel lets them be there, in the last one.</summary>
    /// <remarks>It looks at no others: a page that was looked at is there, and none that a program could still allocate.</remarks>
    internal static ulong Find(MappedArena arena, ulong value)
    {
        const ulong PageSize = 4096;
        foreach (ulong page in (ulong[])[0, arena.Length - PageSize])
        {
            for (ulong offset = page; offset < page + PageSize; offset += sizeof(ulong))
            {
                if (arena.Ref<ulong>(offset) == value)
                    return offset;
            }
        }

        throw new InvalidOperationException($"{value} is nowhere in the arena.");
    }
}
