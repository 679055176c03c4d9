using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>Waits for descriptors of buffers, and for an eventfd by which others end the wait.</summary>
[SupportedOSPlatform("linux")]
internal sealed class EpollWaiter : RecordWaiter
{
    private const ulong WakeUp = ulong.MaxValue;

    private readonly Epoll _epoll;
    private readonly EventFd _wakeUp;

    /// <summary>Waits for nothing but <see cref="Wake"/>.</summary>
    /// <exception cref="BpfException">The process has no descriptor left.</exception>
    public EpollWaiter()
    {
        _epoll = new Epoll();
        try
        {
            _wakeUp = new EventFd();
            try
            {
                _epoll.Add(_wakeUp.Handle, EpollEvents.In, WakeUp);
            }
            catch
            {
                _wakeUp.Dispose();
                throw;
            }
        }
        catch
        {
            _epoll.Dispose();
            throw;
        }
    }

    /// <summary>Waits for one buffer too.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static EpollWaiter For(FileDescriptorHandle buffer, EpollEvents events)
    {
        var waiter = new EpollWaiter();
        try
        {
            waiter.Add(buffer, events, 0);
            return waiter;
        }
        catch
        {
            waiter.Dispose();
            throw;
        }
    }

    /// <summary>A descriptor that is ready when a wait would end.</summary>
    public FileDescriptorHandle Handle => _epoll.Handle;

    /// <summary>Waits for a buffer too. Its descriptor may be closed before this object is disposed.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Add(FileDescriptorHandle buffer, EpollEvents events, int index) => _epoll.Add(buffer, events, (ulong)index);

    /// <inheritdoc/>
    public override WaitResult Wait(int milliseconds) => Wait(milliseconds, default, out _);

    /// <summary>Waits, and tells which buffers are ready.</summary>
    /// <param name="milliseconds">How long at the most; -1 for ever.</param>
    /// <param name="ready">Where their indices go; those for which there is no room are told the next time.</param>
    /// <param name="readyCount">How many were told.</param>
    public WaitResult Wait(int milliseconds, Span<int> ready, out int readyCount)
    {
        Span<EpollEvent> events = stackalloc EpollEvent[32];
        int count = _epoll.Wait(events, milliseconds);
        WaitResult result = count == 0 ? WaitResult.TimedOut : WaitResult.Ready;
        readyCount = 0;
        foreach (EpollEvent one in events[..count])
        {
            if (one.Data == WakeUp)
                result = WaitResult.Woken;
            else if (readyCount < ready.Length)
                ready[readyCount++] = (int)one.Data;
        }

        return result;
    }

    /// <inheritdoc/>
    public override void Wake() => _wakeUp.Signal();

    /// <inheritdoc/>
    public override void Reset() => _wakeUp.Reset();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wakeUp.Dispose();
        _epoll.Dispose();
    }
}
