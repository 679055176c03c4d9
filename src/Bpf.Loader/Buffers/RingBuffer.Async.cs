using System;
using System.Collections.Generic;
using System.Threading;

namespace Bpf.Loader.Buffers;

public sealed partial class RingBuffer
{
    // Long enough to cost nothing, short enough for a person not to notice that a program submits without a wake-up.
    private const int RecheckMilliseconds = 100;

    /// <summary>Streams the records as values of one type, until cancelled or until the ring buffer is disposed.</summary>
    /// <typeparam name="T">The C structure of the records, in C#. Longer records are cut, shorter ones are an error.</typeparam>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <remarks>
    /// A thread of its own reads the ring; the thread pool is never blocked. It is at most four chunks of 32 KiB ahead of the loop;
    /// then records stay in the ring. A program that submits with <c>BPF_RB_NO_WAKEUP</c> is looked after ten times a second.
    /// </remarks>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> contradicts the type that the object says the records have (see <see cref="BpfObjectFile.FindRecordType"/>).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="System.IO.InvalidDataException">A record is shorter than <typeparamref name="T"/>.</exception>
    /// <exception cref="ObjectDisposedException">The ring buffer was disposed before the stream began.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public IAsyncEnumerable<T> ReadAllAsync<T>(CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        _source?.RequireRecords<T>();
        return RecordStream.ReadAsync<T>(this, RecheckMilliseconds, cancellationToken);
    }

    /// <summary>Streams the records as bytes, until cancelled or until the ring buffer is disposed.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <remarks>The bytes of a record are valid until the loop goes on. See <see cref="ReadAllAsync{T}"/> for the thread behind it.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The ring buffer was disposed before the stream began.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellationToken = default) =>
        RecordStream.ReadAsync(this, RecheckMilliseconds, cancellationToken);
}
