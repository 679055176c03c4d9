using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bpf.Loader.Hosting;

/// <summary>Reads a ring or perf buffer from the host's start to its stop, and then what is still in it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfEventService<TEvent>(BpfSession session, Func<BpfMap> map, IBpfEventHandler<TEvent> handler, ILogger logger)
    : BackgroundService, IBpfEventReader
    where TEvent : unmanaged
{
    // Longer than a reader of a perf buffer may take to look into it.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private RingBuffer? _ring;
    private PerfBuffer? _perf;
    private long _handled;

    public string Map { get; private set; } = "";

    public long Handled => Volatile.Read(ref _handled);

    public long? Lost => _perf?.Lost;

    private long Consumed => _ring?.Consumed ?? _perf?.Consumed ?? 0;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        BpfMap events = map();
        Map = events.Name;
        if (events.Type == BpfMapType.PerfEventArray) _perf = events.OpenPerfBuffer();
        else _ring = events.OpenRingBuffer();
        session.AddReader(this);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Close();
    }

    public override void Dispose()
    {
        base.Dispose();
        Close();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IAsyncEnumerable<TEvent>? events = _ring?.ReadAllAsync<TEvent>(stoppingToken) ?? _perf?.ReadAllAsync<TEvent>(stoppingToken);
        try
        {
            await foreach (TEvent value in events!.ConfigureAwait(false))
            {
                await handler.HandleAsync(value, stoppingToken).ConfigureAwait(false);
                Volatile.Write(ref _handled, _handled + 1);
            }
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            Log.ReadingFailed(logger, error, Map);
            throw;
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var time = Stopwatch.StartNew();
        long last = -1;
        TimeSpan since = TimeSpan.Zero;
        while (ExecuteTask is { IsCompleted: false } && !cancellationToken.IsCancellationRequested)
        {
            long consumed = Consumed;
            if (consumed != last)
            {
                last = consumed;
                since = time.Elapsed;
            }

            bool isEmpty = session.Rings.FirstOrDefault(ring => ring.Map == Map) is { } ring ? ring.Available == 0 : time.Elapsed - since > Quiet;
            if (isEmpty && Handled == Consumed) return;
            if (session.Options.DrainTime is var limit && limit != Timeout.InfiniteTimeSpan && time.Elapsed > limit)
            {
                Log.DrainEnded(logger, Map);
                return;
            }

            await Task.Delay(5, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Close()
    {
        _ring?.Dispose();
        _perf?.Dispose();
    }
}
