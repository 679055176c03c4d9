using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>The mappings of a kernel ring: one page that we may write, and the page of the producers with the data behind it.</summary>
/// <remarks>Both kinds of ring have the same three parts; which of the two position pages is ours differs.</remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class RingMemory : IDisposable
{
    private readonly MappedMemory _consumer;
    private readonly MappedMemory _producer;

    private RingMemory(MappedMemory consumer, MappedMemory producer, uint size)
    {
        _consumer = consumer;
        _producer = producer;
        byte* start = (byte*)producer.Address;
        Area = new RingArea((ulong*)consumer.Address, (ulong*)start, start + Environment.SystemPageSize, size);
        // struct bpf_ringbuf: producer_pos, pending_pos, overwrite_pos (6.19), of which each is an unsigned long.
        OverwritePosition = (ulong*)(start + (2 * sizeof(nuint)));
    }

    /// <summary>The ring; it must not be touched once this is disposed.</summary>
    public RingArea Area { get; }

    /// <summary>Before what position records were overwritten, in a ring with <see cref="BpfMapFlags.RingBufOverwrite"/>.</summary>
    public ulong* OverwritePosition { get; }

    /// <summary>Maps a ring to be read (<see cref="BpfMapType.RingBuf"/>) or to be written (<see cref="BpfMapType.UserRingBuf"/>).</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static RingMemory Map(BpfMap map)
    {
        bool isUserRing = map.Type == BpfMapType.UserRingBuf;
        uint size = map.MaxEntries;
        int page = Environment.SystemPageSize;
        // ringbuf_map_mmap_kern() and ringbuf_map_mmap_user(): one side writes its position only, the other all but that.
        MappedMemory consumer = Map(map, 0, (nuint)page, writable: !isUserRing);
        try
        {
            return new RingMemory(consumer, Map(map, page, (nuint)page + (2 * (nuint)size), writable: isUserRing), size);
        }
        catch
        {
            consumer.Unmap();
            throw;
        }
    }

    public void Dispose()
    {
        _consumer.Unmap();
        _producer.Unmap();
    }

    private static MappedMemory Map(BpfMap map, long offset, nuint length, bool writable) =>
        MappedMemory.Map(map.Handle, offset, length, writable, out Errno errno)
        ?? throw new BpfException("mmap", errno, $"ring buffer '{map.Name}'", errno == Errno.EPERM ? "The map was opened read-only." : null);
}
