using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>
/// The consumer's side of a ring that overwrites its oldest records, <c>BPF_F_RB_OVERWRITE</c> (Linux 6.19): what is there is copied
/// into memory of our own, which <see cref="RingCursor"/> then reads as any other ring.
/// </summary>
/// <remarks>
/// <para>
/// Producers ask for no room: <c>__bpf_ringbuf_reserve()</c> moves a third position, behind the producers' own, past the records that
/// it is about to overwrite, before it writes. What lies behind that position is whole; so a copy is good if the position, read after
/// it, has not passed it. Copying is quick, looking at records may not be: that is why all are copied first.
/// </para>
/// <para>
/// A record that is still being written is never overwritten; reading stops before it, as in other rings.
/// </para>
/// </remarks>
internal sealed unsafe class RingSnapshot : IDisposable
{
    // Where the positions of our own ring lie, before its data.
    private const int HeaderBytes = 64;

    // A ring that is written faster than it is copied may never hold still.
    private const int Tries = 64;

    private readonly RingArea _ring;
    private readonly ulong* _overwritePosition;
    private readonly IDisposable _memory;
    private readonly RingArea _copy;
    private byte* _own;

    // What is added to a position of the copy for the position of the ring, as far as the records lie there without a gap.
    private ulong _origin;
    private long _overwritten;

    /// <summary>Copies from a ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="overwritePosition">Before what position records were overwritten.</param>
    /// <param name="memory">Keeps the ring mapped until disposed; disposed with this.</param>
    public RingSnapshot(in RingArea ring, ulong* overwritePosition, IDisposable memory)
    {
        _ring = ring;
        _overwritePosition = overwritePosition;
        _memory = memory;
        _own = (byte*)NativeMemory.AlignedAlloc(HeaderBytes + (nuint)ring.Size, HeaderBytes);
        _copy = new RingArea((ulong*)_own, (ulong*)(_own + sizeof(ulong)), _own + HeaderBytes, ring.Size);
    }

    /// <summary>How many bytes of records were overwritten before they were copied.</summary>
    public long Overwritten => Volatile.Read(ref _overwritten);

    /// <summary>Where the oldest record lies that is neither read nor overwritten.</summary>
    public ulong Position => Later(Volatile.Read(ref *_ring.ConsumerPosition), Volatile.Read(ref *_overwritePosition));

    /// <summary>Copies what is there.</summary>
    /// <returns>A cursor over the copy, to be followed by <see cref="Finish"/>.</returns>
    /// <exception cref="InvalidDataException">Positions or headers contradict each other.</exception>
    public RingCursor Take()
    {
        ulong consumer = Volatile.Read(ref *_ring.ConsumerPosition);
        if ((consumer & 7) != 0)
            throw Corrupt(consumer, "the consumer position is not a multiple of 8");

        // Producers may go on meanwhile; what they add is for the next time, so that this one has an end, and room.
        ulong producer = Volatile.Read(ref *_ring.ProducerPosition);
        ulong position = consumer, length = 0;
        for (int tries = 0; tries < Tries; tries++)
        {
            ulong overwritten = Volatile.Read(ref *_overwritePosition);
            if (IsBefore(position, overwritten))
            {
                Volatile.Write(ref _overwritten, _overwritten + (long)(overwritten - position));
                position = overwritten;
            }

            _origin = position - length;
            // All that we knew of may have been overwritten, and more.
            if (length == 0 && IsBefore(producer, position))
                producer = Volatile.Read(ref *_ring.ProducerPosition);
            if (Copy(ref position, ref length, producer))
                break;
        }

        *_copy.ConsumerPosition = 0;
        *_copy.ProducerPosition = length;
        return new RingCursor(in _copy);
    }

    /// <summary>Tells the producers how far was read.</summary>
    public void Finish() => Volatile.Write(ref *_ring.ConsumerPosition, _origin + Volatile.Read(ref *_copy.ConsumerPosition));

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_own);
        _own = null;
        _memory.Dispose();
    }

    /// <summary>Copies records up to where there are no more.</summary>
    /// <returns>False when the producers have overtaken us.</returns>
    private bool Copy(ref ulong position, ref ulong length, ulong producer)
    {
        while (IsBefore(position, producer))
        {
            byte* record = _ring.Data + (position & (_ring.Size - 1));
            // First the header, and of all that follows only what is true if the header is.
            uint header = Volatile.Read(ref *(uint*)record);
            ulong stride = RingFormat.Stride(header & RingFormat.LengthMask);
            bool isThere = (header & RingFormat.BusyBit) == 0;
            bool fits = stride <= producer - position && stride <= _ring.Size - length;
            if (isThere && fits)
            {
                byte* to = _copy.Data + length;
                Unsafe.CopyBlock(to, record, (uint)stride);
                *(uint*)to = header;
            }

            // The position must not be read before the bytes are.
            Interlocked.MemoryBarrier();
            if (IsBefore(position, Volatile.Read(ref *_overwritePosition)))
                return false;
            if (!isThere)
                return true;
            if (!fits)
                throw Corrupt(position, "a record ends behind the producer position");
            position += stride;
            length += stride;
        }

        return true;
    }

    private static bool IsBefore(ulong position, ulong other) => (long)(other - position) > 0;

    private static ulong Later(ulong one, ulong other) => IsBefore(one, other) ? other : one;

    private static InvalidDataException Corrupt(ulong position, string what) => new($"The ring buffer is corrupt at position {position}: {what}.");
}
