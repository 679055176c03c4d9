using System;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bpf.Loader.Hosting;

/// <summary>Hands what the programs of an object log to the host's log, from its start until what they left behind is read.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfLogService(BpfSession session) : BackgroundService, IBpfEventReader
{
    // How soon a loss is told when no entry comes any more.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private BpfLogReader? _reader;
    private long _handled, _toldLost, _toldMalformed;

    public string Map => BpfLog.MapName;

    public long Handled => Volatile.Read(ref _handled);

    public long? Lost => _reader?.Lost;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!session.Options.ForwardLog || (_reader = BpfLogReader.TryOpen(session.Object)) is null) return Task.CompletedTask;
        session.AddReader(this);
        return base.StartAsync(cancellationToken);
    }

    // The programs are detached when the stop comes here: one more look finds all that there will be.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // A stop that comes at once finds that the reading has never begun.
        if (ExecuteTask is null or { IsCompleted: true }) Forward();
    }

    public override void Dispose()
    {
        base.Dispose();
        _reader?.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () =>
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    _reader!.Wait(Pause, stoppingToken);
                }
                catch (OperationCanceledException)
                {
                    // What is there is read below.
                }

                Forward();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void Forward()
    {
        try
        {
            if (_reader is null) return;
            _reader.Consume(entry =>
            {
                BpfLogState.Write(session.ProgramLogger, entry);
                Volatile.Write(ref _handled, _handled + 1);
            });
            long lost = _reader.Lost, malformed = _reader.Malformed;
            if (lost != _toldLost) Log.Dropped(session.ProgramLogger, LogLevel.Warning, Map, lost - _toldLost);
            if (malformed != _toldMalformed) Log.Malformed(session.ProgramLogger, Map, malformed - _toldMalformed);
            (_toldLost, _toldMalformed) = (lost, malformed);
        }
        catch (ObjectDisposedException)
        {
            // The host was disposed of without a stop.
        }
    }
}
