using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Logging;

/// <summary>Reads what the programs of an object log with <c>bpf_log.h</c>: <c>bpf_info("opened %s by %d", name, pid)</c>.</summary>
/// <remarks>
/// One reader at a time, as of every ring buffer. Which entries are made at all is up to the variable <c>bpf_log_level</c>, set before the
/// load: what is below it, the verifier takes out of the program. Linux 5.8.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfLogReader : IDisposable
{
    private readonly RingBuffer _ring;
    private readonly BpfVariable? _lost;
    private readonly LogDecoder _decoder;
    private long _malformed;

    private BpfLogReader(BpfObject loaded, BpfMap map, IReadOnlyList<BpfLogSite> sites)
    {
        Sites = sites;
        _decoder = new LogDecoder(sites, KernelClock.System.FromBoot);
        loaded.Globals.TryGet(BpfLog.LostVariable, out _lost);
        _ring = map.OpenRingBuffer();
    }

    /// <summary>The calls in the programs.</summary>
    public IReadOnlyList<BpfLogSite> Sites { get; }

    /// <summary>How many entries found the ring buffer full, and are lost.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    public long Lost => _lost is null ? 0 : (long)_lost.Get<ulong>();

    /// <summary>How many records were no entries, as of a program that writes into the ring buffer by other means.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Opens the log of an object.</summary>
    /// <param name="loaded">The object; it is used as long as the reader is.</param>
    /// <returns>The reader; null when the programs log nothing.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfLogReader? TryOpen(BpfObject loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        IReadOnlyList<BpfLogSite> sites = BpfLog.ReadSites(loaded.File);
        return sites.Count > 0 && loaded.Maps.TryGet(BpfLog.MapName, out BpfMap? map) ? new BpfLogReader(loaded, map, sites) : null;
    }

    /// <summary>Hands over the entries that are there.</summary>
    /// <param name="handle">Takes an entry.</param>
    /// <param name="limit">How many records are read at most.</param>
    /// <returns>How many records were read.</returns>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public int Consume(Action<BpfLogEntry> handle, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return _ring.Consume(
            record =>
            {
                if (Read(record) is { } entry) handle(entry);
            },
            limit);
    }

    /// <summary>Waits for an entry.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when none came.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default) => _ring.Wait(timeout, cancellationToken);

    /// <summary>The entries, as they come.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public async IAsyncEnumerable<BpfLogEntry> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ReadOnlyMemory<byte> record in _ring.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Read(record.Span) is { } entry) yield return entry;
        }
    }

    /// <summary>Stops reading. The object stays.</summary>
    public void Dispose() => _ring.Dispose();

    private BpfLogEntry? Read(ReadOnlySpan<byte> record)
    {
        BpfLogEntry? entry = _decoder.Read(record);
        if (entry is null) Interlocked.Increment(ref _malformed);
        return entry;
    }
}
