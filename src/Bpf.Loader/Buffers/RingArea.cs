namespace Bpf.Loader.Buffers;

/// <summary>Where a ring lies in memory: the two positions and the data, of which a second copy follows the first, so that no record wraps.</summary>
internal readonly unsafe struct RingArea
{
    /// <summary>Names the places; they must stay mapped as long as the area is used.</summary>
    /// <param name="consumerPosition">How far the consumer has read, in bytes since the ring was made.</param>
    /// <param name="producerPosition">How far producers have reserved, likewise.</param>
    /// <param name="data">The data: <paramref name="size"/> bytes, and the same bytes again.</param>
    /// <param name="size">The ring's bytes, a power of two.</param>
    public RingArea(ulong* consumerPosition, ulong* producerPosition, byte* data, uint size)
    {
        ConsumerPosition = consumerPosition;
        ProducerPosition = producerPosition;
        Data = data;
        Size = size;
    }

    public ulong* ConsumerPosition { get; }

    public ulong* ProducerPosition { get; }

    public byte* Data { get; }

    public uint Size { get; }
}
