using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers.Xsk;

/// <summary>
/// One of the rings of an AF_XDP socket: entries in memory shared with the kernel, of which one side is the producer and the other
/// the consumer. The counters run on beyond the size and wrap at 2^32.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class XskRing : IDisposable
{
    private readonly MappedMemory _memory;
    private readonly nuint _producer, _consumer, _entries;
    private readonly int _entrySize;
    private readonly uint _size;

    private XskRing(MappedMemory memory, ReadOnlySpan<ulong> offsets, int entrySize, uint size)
    {
        _memory = memory;
        (_producer, _consumer, _entries) = ((nuint)offsets[0], (nuint)offsets[1], (nuint)offsets[2]);
        _entrySize = entrySize;
        _size = size;
    }

    /// <summary>How many entries it has.</summary>
    public uint Size => _size;

    /// <summary>Maps a ring, or gives none and why not.</summary>
    /// <param name="socket">The socket, whose ring has its size.</param>
    /// <param name="place">Where the ring is mapped.</param>
    /// <param name="offsets">Where its counters and entries are.</param>
    /// <param name="entrySize">8 bytes in the rings of frames, 16 in those of packets.</param>
    /// <param name="size">How many entries, a power of 2.</param>
    /// <param name="errno">Why it failed.</param>
    public static XskRing? Map(FileDescriptorHandle socket, long place, ReadOnlySpan<ulong> offsets, int entrySize, uint size, out Errno errno)
    {
        MappedMemory? memory = MappedMemory.Map(socket, place, (nuint)offsets[2] + ((nuint)size * (nuint)entrySize), writable: true, out errno);
        return memory is null ? null : new XskRing(memory, offsets, entrySize, size);
    }

    /// <summary>As the producer: how many entries can be written now.</summary>
    public uint Free => _size - (Volatile.Read(ref Counter(_producer)) - Volatile.Read(ref Counter(_consumer)));

    /// <summary>As the consumer: how many entries can be read now.</summary>
    public uint Filled => Volatile.Read(ref Counter(_producer)) - Volatile.Read(ref Counter(_consumer));

    /// <summary>As the producer, the entry that is written next; as the consumer, the entry that is read next.</summary>
    /// <param name="asProducer">Which of the two.</param>
    /// <param name="ahead">How many entries beyond it.</param>
    public Span<byte> Entry(bool asProducer, uint ahead = 0)
    {
        uint at = Volatile.Read(ref Counter(asProducer ? _producer : _consumer)) + ahead;
        return _memory.GetSpan(_entries + ((nuint)(at & (_size - 1)) * (nuint)_entrySize), _entrySize);
    }

    /// <summary>Writes an entry that is the address of a frame; it must have room.</summary>
    public void Produce(ulong address)
    {
        MemoryMarshal.Write(Entry(asProducer: true), in address);
        Submit();
    }

    /// <summary>Writes an entry that is a packet; it must have room.</summary>
    public void Produce(ulong address, uint length)
    {
        Span<byte> entry = Entry(asProducer: true);
        uint options = 0;
        MemoryMarshal.Write(entry, in address);
        MemoryMarshal.Write(entry[8..], in length);
        MemoryMarshal.Write(entry[12..], in options);
        Submit();
    }

    /// <summary>As the consumer: gives an entry back that was read.</summary>
    public void Release() => Advance(_consumer);

    public void Dispose() => _memory.Unmap();

    private void Submit() => Advance(_producer);

    // Release: whoever sees the counter sees what was written, or read, before.
    private void Advance(nuint counter)
    {
        ref uint value = ref Counter(counter);
        Volatile.Write(ref value, value + 1);
    }

    private ref uint Counter(nuint offset) => ref Unsafe.As<byte, uint>(ref _memory[offset]);
}
