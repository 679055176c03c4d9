using System;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.Hosting;

/// <summary>
/// Looks after the links of an object while they are attached. It asks each in turn, and does not wait for news of the kernel: netlink
/// tells of devices only, of one network namespace only, and not of links that are detached by force or of cgroups; and since its
/// messages may get lost, whoever listens has to ask as well.
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

    private static async Task WatchAsync(BpfSession session, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && session.Links is { } links)
        {
            links.Watch();
            await Task.Delay(session.Options.WatchInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
