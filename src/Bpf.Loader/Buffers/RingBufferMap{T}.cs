using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Buffers;

/// <summary>A typed view of a ring buffer map: what its records are is known (<c>BPF_MAP_TYPE_RINGBUF</c>, Linux 5.8).</summary>
/// <typeparam name="T">The C structure of the records, in C#.</typeparam>
[SupportedOSPlatform("linux")]
public sealed class RingBufferMap<T>
    where T : unmanaged
{
    internal RingBufferMap(BpfMap map) => Map = map;

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Maps the ring into memory, to read it in one of the ways of <see cref="RingBuffer"/>.</summary>
    /// <returns>The reading end, to be disposed by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public RingBuffer Open() => Map.OpenRingBuffer();

    /// <summary>Opens the ring, streams its records until cancelled, and closes it.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <inheritdoc cref="RingBuffer.ReadAllAsync{T}" path="/remarks"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="System.IO.InvalidDataException">A record is shorter than <typeparamref name="T"/>.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using RingBuffer ring = Open();
        await foreach (T record in ring.ReadAllAsync<T>(cancellationToken).ConfigureAwait(false)) yield return record;
    }
}
