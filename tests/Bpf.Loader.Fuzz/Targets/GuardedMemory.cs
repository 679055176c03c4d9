using System;
using System.ComponentModel;
using static Tmds.Linux.LibC;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Memory that ends where none is: whoever reads a byte behind it ends the process, and the fuzzer says so.</summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private readonly void* _mapping;
    private readonly int _length;

    /// <summary>Makes so many bytes, a multiple of 16.</summary>
    public GuardedMemory(int size)
    {
        int page = Environment.SystemPageSize, room = (size + page - 1) & ~(page - 1);
        _length = room + page;
        _mapping = mmap(null, _length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (_mapping == MAP_FAILED) throw new Win32Exception();
        if (mprotect((byte*)_mapping + room, page, PROT_NONE) != 0) throw new Win32Exception();
        Start = (byte*)_mapping + (room - size);
        Size = size;
    }

    /// <summary>The first byte.</summary>
    public byte* Start { get; }

    /// <summary>How many there are.</summary>
    public int Size { get; }

    /// <summary>All of them.</summary>
    public Span<byte> Bytes => new(Start, Size);

    /// <summary>Whether bytes lie in it.</summary>
    public bool Contains(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) return bytes.IsEmpty || (start >= Start && start + bytes.Length <= Start + Size);
    }

    public void Dispose() => _ = munmap(_mapping, _length);
}
