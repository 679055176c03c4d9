using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.KernelTests.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Interop;

public sealed class MapSyscallTests
{
    private const ulong NoExist = 1;
    private const ulong Exist = 2;

    [Fact]
    public void Elements_are_set_read_walked_and_removed()
    {
        using FileDescriptorHandle map = Create(BpfMapType.Hash, maxEntries: 4);
        Assert.Equal(Errno.None, Update(map, 1, 10, NoExist));
        Assert.Equal(Errno.EEXIST, Update(map, 1, 11, NoExist));
        Assert.Equal(Errno.ENOENT, Update(map, 2, 20, Exist));
        Assert.Equal(Errno.None, Update(map, 1, 12, Exist));
        Assert.Equal(Errno.None, Lookup(map, 1, out ulong value));
        Assert.Equal(12u, value);
        Assert.Equal(Errno.ENOENT, Lookup(map, 2, out _));

        uint next = 0;
        Assert.Equal(Errno.None, BpfSyscall.MapNextKey(map, in Unsafe.NullRef<byte>(), ref AsByte(ref next)));
        Assert.Equal(1u, next);
        Assert.Equal(Errno.ENOENT, BpfSyscall.MapNextKey(map, in AsByte(ref next), ref AsByte(ref next)));

        uint key = 1;
        if (Requires.Has("htab_map_lookup_and_delete_elem")) // Linux 5.14
        {
            Assert.Equal(Errno.None, BpfSyscall.MapLookupAndDelete(map, in AsByte(ref key), ref AsByte(ref value), 0));
            Assert.Equal(12u, value);
        }
        else Assert.Equal(Errno.None, BpfSyscall.MapDelete(map, in AsByte(ref key)));
        Assert.Equal(Errno.ENOENT, BpfSyscall.MapDelete(map, in AsByte(ref key)));
    }

    [Fact]
    public void Full_map_says_so()
    {
        using FileDescriptorHandle map = Create(BpfMapType.Hash, maxEntries: 1);
        Assert.Equal(Errno.None, Update(map, 1, 1, 0));
        Assert.Equal(Errno.E2BIG, Update(map, 2, 2, 0));
    }

    [Fact]
    public void Queue_takes_no_key()
    {
        var request = new MapCreateRequest { Type = BpfMapType.Queue, ValueSize = 8, MaxEntries = 2 };
        using FileDescriptorHandle map = BpfSyscall.MapCreate(request, out Errno errno)!;
        Assert.Equal(Errno.None, errno);
        ulong value = 7;
        Assert.Equal(Errno.None, BpfSyscall.MapUpdate(map, in Unsafe.NullRef<byte>(), in AsByte(ref value), 0));
        value = 0;
        Assert.Equal(Errno.None, BpfSyscall.MapLookupAndDelete(map, in Unsafe.NullRef<byte>(), ref AsByte(ref value), 0));
        Assert.Equal(7u, value);
    }

    [Fact]
    public void Batches_handle_many_and_tell_how_many()
    {
        const int Count = 100;
        using FileDescriptorHandle map = Create(BpfMapType.Hash, maxEntries: Count);
        uint[] keys = new uint[Count];
        ulong[] values = new ulong[Count];
        for (uint i = 0; i < Count; i++)
            (keys[i], values[i]) = (i, i * 10);
        uint count = Count;
        Assert.Equal(Errno.None, BpfSyscall.MapUpdateBatch(map, in First(keys), in First(values), ref count, 0));
        Assert.Equal((uint)Count, count);

        // A position to go on from; a hash table that is read whole answers ENOENT with the last entries.
        uint[] readKeys = new uint[Count * 2];
        ulong[] readValues = new ulong[Count * 2];
        uint position = 0;
        count = Count * 2;
        Errno errno = BpfSyscall.MapLookupBatch(
            map, in Unsafe.NullRef<byte>(), ref AsByte(ref position), ref First(readKeys), ref First(readValues), ref count, 0);
        Assert.Equal(Errno.ENOENT, errno);
        Assert.Equal((uint)Count, count);
        Array.Sort(readKeys, readValues, 0, Count);
        Assert.Equal(keys, readKeys[..Count]);
        Assert.Equal(values, readValues[..Count]);

        count = Count;
        Assert.Equal(Errno.None, BpfSyscall.MapDeleteBatch(map, in First(keys), ref count, 0));
        Assert.Equal(Errno.ENOENT, Lookup(map, 5, out _));
    }

    [Fact]
    public void Frozen_map_refuses_to_be_written_and_says_why()
    {
        using BpfMap map = BpfMap.Create(new Loader.Maps.BpfMapCreateOptions { Type = BpfMapType.Array, Name = "m", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Equal(Errno.None, BpfSyscall.MapFreeze(map.Handle));
        BpfException refused = Assert.Throws<BpfException>(() => map.Set(new byte[4], new byte[8]));
        Assert.Equal(Errno.EPERM, refused.Errno);
        Assert.Contains("frozen", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_tells_what_was_asked_for()
    {
        var request = new MapCreateRequest
        {
            Type = BpfMapType.Hash,
            KeySize = 4,
            ValueSize = 8,
            MaxEntries = 3,
            Flags = BpfMapFlags.NoPrealloc,
            Name = "a_name_that_is_too_long"u8,
        };
        using FileDescriptorHandle map = BpfSyscall.MapCreate(request, out _)!;
        Assert.Equal(Errno.None, BpfSyscall.GetMapInfo(map, out MapInfo info));
        Assert.Equal(BpfMapType.Hash, info.Type);
        Assert.Equal((4u, 8u, 3u), (info.KeySize, info.ValueSize, info.MaxEntries));
        Assert.Equal(BpfMapFlags.NoPrealloc, info.MapFlags);
        Assert.Equal("a_name_that_is_", info.Name.ToString());

        using FileDescriptorHandle? same = BpfSyscall.OpenById(BpfCommand.MapGetFdById, info.Id, 0, out Errno errno);
        Assert.Equal(Errno.None, errno);
        Assert.Equal(Errno.None, BpfSyscall.NextId(BpfCommand.MapGetNextId, info.Id - 1, out uint next));
        Assert.Equal(info.Id, next);
    }

    [Fact]
    public void Element_calls_allocate_nothing()
    {
        using FileDescriptorHandle map = Create(BpfMapType.Hash, maxEntries: 4);
        Update(map, 1, 1, 0);
        Lookup(map, 1, out _);
        Lookup(map, 2, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < 100; i++)
        {
            Update(map, 1, i, 0);
            Lookup(map, 1, out _);
            Lookup(map, 2, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Closed_map_is_refused_before_the_kernel_sees_it()
    {
        FileDescriptorHandle map = Create(BpfMapType.Hash, maxEntries: 1);
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Lookup(map, 1, out _));
    }

    private static FileDescriptorHandle Create(BpfMapType type, uint maxEntries)
    {
        var request = new MapCreateRequest { Type = type, KeySize = 4, ValueSize = 8, MaxEntries = maxEntries };
        FileDescriptorHandle? map = BpfSyscall.MapCreate(request, out Errno errno);
        Assert.Equal(Errno.None, errno);
        return map!;
    }

    private static Errno Update(FileDescriptorHandle map, uint key, ulong value, ulong flags)
        => BpfSyscall.MapUpdate(map, in AsByte(ref key), in AsByte(ref value), flags);

    private static Errno Lookup(FileDescriptorHandle map, uint key, out ulong value)
    {
        value = 0;
        return BpfSyscall.MapLookup(map, in AsByte(ref key), ref AsByte(ref value), 0);
    }

    private static ref byte AsByte<T>(ref T value) => ref Unsafe.As<T, byte>(ref value);

    private static ref byte First<T>(T[] values) => ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(values));
}
