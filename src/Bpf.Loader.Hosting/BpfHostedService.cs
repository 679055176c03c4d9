using System;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace Bpf.Loader.Hosting;

/// <summary>
/// Loads and attaches before any service of the host starts, and detaches when its stop begins: services find the programs running,
/// and read what they left behind in peace.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfHostedService(BpfSession session, BpfMetrics metrics) : IHostedLifecycleService, IDisposable
{
    private LinkWatch? _watch;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        session.Start();
        metrics.Add(session);
        if (session.Options.WatchInterval != Timeout.InfiniteTimeSpan || session.Links is { HasRules: true }) _watch = LinkWatch.Start(session);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_watch is not null) await _watch.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            session.Detach();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _watch?.Dispose();
}
