using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Buffers;

/// <summary>Asynchronous streams over a buffer.</summary>
internal static class RecordStream
{
    /// <summary>Streams the records as values.</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        IRecordSource source, int interval, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : unmanaged
    {
        cancellationToken.ThrowIfCancellationRequested();
        RecordPump<TypedChunk<T>> pump = RecordPump<TypedChunk<T>>.Start(source, interval);
        await using ConfiguredAsyncDisposable end = pump.ConfigureAwait(false);
        while (await pump.Chunks.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (pump.Chunks.TryRead(out TypedChunk<T>? chunk))
            {
                for (int i = 0; i < chunk.Count; i++)
                    yield return chunk[i];
                pump.Return(chunk);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Streams the records as bytes, which stay until the next is asked for.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        IRecordSource source, int interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RecordPump<ByteChunk> pump = RecordPump<ByteChunk>.Start(source, interval);
        await using ConfiguredAsyncDisposable end = pump.ConfigureAwait(false);
        while (await pump.Chunks.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (pump.Chunks.TryRead(out ByteChunk? chunk))
            {
                for (int i = 0; i < chunk.Count; i++)
                    yield return chunk[i];
                pump.Return(chunk);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
