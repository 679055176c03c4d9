using System;
using System.Threading;
using Bpf.Loader.Buffers;

namespace Bpf.Loader.Tests.Buffers;

/// <summary>Waits like epoll at its strictest: only what the producer signals ends a wait.</summary>
internal sealed class FakeWaiter : RecordWaiter
{
    private readonly SemaphoreSlim _ready = new(0);
    private volatile bool _woken;
    private volatile bool _disposed;

    public bool IsDisposed => _disposed;

    /// <summary>What the kernel does when a record is submitted for which the consumer waits.</summary>
    public void Signal() => _ready.Release();

    public override WaitResult Wait(int milliseconds)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_ready.Wait(milliseconds))
            return WaitResult.TimedOut;
        return _woken ? WaitResult.Woken : WaitResult.Ready;
    }

    public override void Wake()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _woken = true;
        _ready.Release();
    }

    public override void Reset() => _woken = false;

    public override void Dispose() => _disposed = true;
}
