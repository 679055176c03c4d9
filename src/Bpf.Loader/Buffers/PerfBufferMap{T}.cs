using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Buffers;

/// <summary>A typed view of a map of perf rings: what their records are is known (<c>BPF_MAP_TYPE_PERF_EVENT_ARRAY</c>, Linux 4.4).</summary>
/// <typeparam name="T">The C structure of the records, in C#.</typeparam>
[SupportedOSPlatform("linux")]
public sealed class PerfBufferMap<T>
    where T : unmanaged
{
    internal PerfBufferMap(BpfMap map) => Map = map;

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Opens a ring for each CPU and puts them into the map.</summary>
    /// <param name="options">How the rings shall be.</param>
    /// <returns>The reading end, to be disposed by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</exception>
    public PerfBuffer Open(PerfBufferOptions? options = null) => Map.OpenPerfBuffer(options);

    /// <summary>Opens the rings, streams their records until cancelled, and closes them.</summary>
    /// <param name="options">How the rings shall be.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <inheritdoc cref="PerfBuffer.ReadAllAsync{T}" path="/remarks"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="System.IO.InvalidDataException">A record is shorter than <typeparamref name="T"/>.</exception>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</exception>
    public async IAsyncEnumerable<T> ReadAllAsync(PerfBufferOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using PerfBuffer buffer = Open(options);
        await foreach (T record in buffer.ReadAllAsync<T>(cancellationToken).ConfigureAwait(false)) yield return record;
    }
}
