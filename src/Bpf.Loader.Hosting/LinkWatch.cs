using System;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Hosting;

/// <summary>
/// Looks after the links of an object while they are attached. It asks each in turn, and does not wait for news of the kernel: of links
/// that are detached by force nothing tells, and messages may get lost, so that whoever listens has to ask as well. Targets that come and
/// go by a rule are followed as soon as something tells of them, and asked for at the same pace.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinkWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private LinkWatch(BpfSession session) => _watching = WatchAsync(session, _stop.Token);

    public static LinkWatch Start(BpfSession session) => new(session);

    /// <summary>Ends it, and waits for the look that is being taken.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    // News of targets are followed at once, and must not put off the look at all links.
    private static async Task WatchAsync(BpfSession session, CancellationToken stop)
    {
        TimeSpan interval = session.Options.WatchInterval;
        bool isTimed = interval != Timeout.InfiniteTimeSpan;
        try
        {
            while (session.Links is { } links)
            {
                if (isTimed) links.Watch();
                long looked = Stopwatch.GetTimestamp();
                do
                {
                    if (!await links.WaitForTargetsAsync(isTimed ? Left(interval, looked) : interval, stop).ConfigureAwait(false)) break;
                    links.Follow(all: false);
                }
                while (!isTimed || Left(interval, looked) > TimeSpan.Zero);
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }

    private static TimeSpan Left(TimeSpan interval, long since)
    {
        TimeSpan left = interval - Stopwatch.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
