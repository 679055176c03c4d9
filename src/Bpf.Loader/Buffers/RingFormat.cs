namespace Bpf.Loader.Buffers;

/// <summary>The layout of a record in a BPF ring buffer (<c>kernel/bpf/ringbuf.c</c>, <c>enum</c> of <c>BPF_RINGBUF_*</c>), unchanged since 5.8.</summary>
internal static class RingFormat
{
    /// <summary>Bytes of a record's header: 4 of length and flags, 4 of the kernel's own page offset.</summary>
    public const uint HeaderSize = 8;

    /// <summary><c>BPF_RINGBUF_BUSY_BIT</c>: reserved, and not yet submitted.</summary>
    public const uint BusyBit = 1u << 31;

    /// <summary><c>BPF_RINGBUF_DISCARD_BIT</c>: to be skipped.</summary>
    public const uint DiscardBit = 1u << 30;

    /// <summary>What is left of the header's first word: the payload's bytes.</summary>
    public const uint LengthMask = DiscardBit - 1;

    /// <summary>The bytes that a record takes in the ring: header and payload, rounded up to 8.</summary>
    public static ulong Stride(uint payloadLength) => ((ulong)payloadLength + HeaderSize + 7) & ~7UL;
}
