using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Bpf.Loader.Buffers;

public sealed partial class RingBuffer
{
    private long _dropped;

    /// <summary>How many records <see cref="CopyToAsync{T}"/> dropped because the channel was full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Carries records into a channel, until cancelled or until the ring buffer is disposed; then it completes the channel.</summary>
    /// <typeparam name="T">The C structure of the records, in C#. Longer records are cut, shorter ones are an error.</typeparam>
    /// <param name="writer">The channel.</param>
    /// <param name="dropWhenFull">
    /// Whether to drop records when a bounded channel is full, and count them in <see cref="Dropped"/>. Otherwise they wait, in the end
    /// in the ring, and the program notices that it is full.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ChannelClosedException">Somebody else has completed the channel.</exception>
    /// <exception cref="System.IO.InvalidDataException">A record is shorter than <typeparamref name="T"/>.</exception>
    /// <exception cref="ObjectDisposedException">The ring buffer was disposed before.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public async Task CopyToAsync<T>(ChannelWriter<T> writer, bool dropWhenFull = false, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(writer);
        try
        {
            await foreach (T value in ReadAllAsync<T>(cancellationToken).ConfigureAwait(false))
            {
                if (writer.TryWrite(value))
                    continue;
                if (dropWhenFull)
                    Volatile.Write(ref _dropped, _dropped + 1);
                else
                    await writer.WriteAsync(value, cancellationToken).ConfigureAwait(false);
            }

            writer.TryComplete();
        }
        catch (Exception e)
        {
            writer.TryComplete(e);
            throw;
        }
    }
}
