using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Memory that ends where none is: whoever reads a byte behind it ends the process, and the fuzzer says so.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int Read = 1, Write = 2, Private = 2, Anonymous = 0x20; // PROT_*, MAP_*

    private readonly nint _mapping;
    private readonly nuint _length;

    /// <summary>Makes so many bytes, a multiple of 16.</summary>
    public GuardedMemory(int size)
    {
        nuint page = (nuint)Environment.SystemPageSize, room = ((nuint)size + page - 1) & ~(page - 1);
        _length = room + page;
        _mapping = Map(0, _length, Read | Write, Private | Anonymous, -1, 0);
        if (_mapping == -1) throw new Win32Exception();
        if (Protect(_mapping + (nint)room, page, 0) != 0) throw new Win32Exception();
        Start = (byte*)_mapping + (room - (nuint)size);
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

    public void Dispose() => _ = Unmap(_mapping, _length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
