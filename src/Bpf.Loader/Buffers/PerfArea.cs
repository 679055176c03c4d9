namespace Bpf.Loader.Buffers;

/// <summary>Where the ring of a perf event lies in memory: a page with the positions, and the data.</summary>
internal readonly unsafe struct PerfArea
{
    // struct perf_event_mmap_page in include/uapi/linux/perf_event.h; the same since 2.6.31.
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;

    /// <summary>Names the places; they must stay mapped as long as the area is used.</summary>
    /// <param name="page">The page with the positions.</param>
    /// <param name="data">The data.</param>
    /// <param name="size">The bytes of data, a power of two.</param>
    public PerfArea(byte* page, byte* data, uint size)
    {
        Head = (ulong*)(page + HeadOffset);
        Tail = (ulong*)(page + TailOffset);
        Data = data;
        Size = size;
    }

    /// <summary>How far the kernel has written, in bytes since the beginning.</summary>
    public ulong* Head { get; }

    /// <summary>How far we have read, likewise.</summary>
    public ulong* Tail { get; }

    public byte* Data { get; }

    public uint Size { get; }
}
