using System;
using System.Collections.Concurrent;
using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Interop;

/// <summary>
/// A map's memory, mapped over the inside of a pinned array. A <c>ref</c> or span into it is one into the array, which the garbage
/// collector knows: it keeps the array, so it can never point to nothing. When this is disposed, plain memory takes the place of the
/// map's; whoever still has a reference reads zeroes and writes to nowhere, and the array goes when the last reference has gone.
/// </summary>
/// <remarks>
/// The collector does not move arrays of the pinned heap, and neither reads nor writes the elements of an array of bytes while it
/// lives. It must find its own memory again before the array dies; hence the finalizer, which runs while the array is still held
/// from here.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class OverlaidMemory : CriticalFinalizerObject, IDisposable
{
    private const int ProtectionRead = 1;
    private const int ProtectionWrite = 2;
    private const int MapShared = 1;
    private const int MapPrivate = 2;
    private const int MapFixed = 0x10;
    private const int MapAnonymous = 0x20;
    private const int RemapMayMove = 1;
    private const int RemapFixed = 2;

    // Arrays that could not be given back: the collector must never have them.
    private static readonly ConcurrentBag<byte[]> Lost = [];

    private readonly byte[] _array;
    private readonly int _start;
    private readonly int _length;
    private int _mapped;

    private OverlaidMemory(byte[] array, int start, int length)
    {
        _array = array;
        _start = start;
        _length = length;
    }

    /// <summary>The name of the map, for messages.</summary>
    public string Name { get; set; } = "";

    /// <summary>The bytes that were asked for, rounded up to whole pages.</summary>
    /// <exception cref="ObjectDisposedException">The memory is the map's no longer.</exception>
    public Span<byte> Span
    {
        get
        {
            Disposed.ThrowIf(Volatile.Read(ref _mapped) == 0, "mapping of map", Name);
            return _array.AsSpan(_start, _length);
        }
    }

    /// <summary>Maps the beginning of a map.</summary>
    /// <param name="fd">The map.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="writable">Whether they may be written; the kernel refuses that for a frozen map.</param>
    /// <param name="errno">Why it failed.</param>
    public static OverlaidMemory? Map(FileDescriptorHandle fd, int length, bool writable, out Errno errno)
    {
        int page = Environment.SystemPageSize;
        int whole = checked((length + page - 1) / page * page);
        byte[] array = GC.AllocateUninitializedArray<byte>(checked(whole + page), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        int start = (int)(-address & (page - 1));
        var memory = new OverlaidMemory(array, start, whole);

        // What mmap(2) is to put in the place of other memory it first removes, and does not bring back when the map then refuses to
        // be mapped. So the map is mapped elsewhere, where it may fail, and moved.
        using HandleUse use = fd.Use();
        int protection = writable ? ProtectionRead | ProtectionWrite : ProtectionRead;
        nint mapped = LibC.MemoryMap(0, (nuint)whole, protection, MapShared, use.Descriptor, 0);
        errno = mapped == -1 ? LibC.LastError : Errno.None;
        if (mapped == -1)
            return null;

        memory._mapped = 1;
        nint moved = LibC.MemoryRemap(mapped, (nuint)whole, (nuint)whole, RemapMayMove | RemapFixed, address + start);
        if (moved != -1)
            return memory;

        errno = LibC.LastError;
        memory.Dispose();
        LibC.MemoryUnmap(mapped, (nuint)whole);
        return null;
    }

    public void Dispose()
    {
        Restore();
        GC.SuppressFinalize(this);
    }

    ~OverlaidMemory() => Restore();

    private void Restore()
    {
        if (Interlocked.Exchange(ref _mapped, 0) == 0)
            return;
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_array, _start);
        nint result = LibC.MemoryMap(
            address, (nuint)_length, ProtectionRead | ProtectionWrite, MapPrivate | MapAnonymous | MapFixed, -1, 0);
        if (result == -1)
            Lost.Add(_array);
    }
}
