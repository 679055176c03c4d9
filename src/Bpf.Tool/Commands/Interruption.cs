using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Bpf.Tool.Commands;

/// <summary>Ends a command that runs until Ctrl-C.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals = Array.ConvertAll(
        new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }, signal => PosixSignalRegistration.Create(signal, Stop));

    public CancellationToken Token => _stop.Token;

    /// <summary>Waits for a signal, or for some time.</summary>
    public void Wait(TimeSpan time) => _stop.Token.WaitHandle.WaitOne(time);

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        // The second signal ends the process, should the first not have done it.
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
