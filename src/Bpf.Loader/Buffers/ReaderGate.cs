using System;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>Lets one reader at a time into a buffer, and keeps the buffer's memory until that reader has left.</summary>
/// <remarks>Mutable structure: a field, never copied.</remarks>
internal struct ReaderGate
{
    private const int Inside = 1;
    private const int Closed = 2;

    private int _state;

    /// <summary>Whether the buffer is disposed, or will be once its reader leaves.</summary>
    public readonly bool IsClosed => (Volatile.Read(in _state) & Closed) != 0;

    /// <summary>Lets a reader in.</summary>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <param name="kind">What the buffer is.</param>
    /// <param name="name">Its name; empty when it has none.</param>
    public void Enter(string kind, string name)
    {
        int state = Interlocked.CompareExchange(ref _state, Inside, 0);
        if (state == 0)
            return;
        Disposed.ThrowIf((state & Closed) != 0, kind, name);
        throw new InvalidOperationException("The buffer is being read; it has one reader at a time.");
    }

    /// <summary>Lets the reader out.</summary>
    /// <returns>Whether the buffer was closed meanwhile, so that it is on the caller to free it.</returns>
    public bool Exit() => (Interlocked.And(ref _state, ~Inside) & Closed) != 0;

    /// <summary>Lets nobody in any more.</summary>
    /// <param name="hasReader">Whether a reader is still inside, which will free the buffer when it leaves.</param>
    /// <returns><see langword="false"/> when the gate was closed before.</returns>
    public bool Close(out bool hasReader)
    {
        int state = Interlocked.Or(ref _state, Closed);
        hasReader = (state & Inside) != 0;
        return (state & Closed) == 0;
    }

    /// <summary>Lets nobody in any more, and wakes the reader that is still inside.</summary>
    /// <returns>Whether it is on the caller to free the buffer: it was open until now, and no reader will free it on leaving.</returns>
    public bool Close(RecordWaiter waiter)
    {
        if (!Close(out bool hasReader))
            return false;
        if (!hasReader)
            return true;
        try
        {
            waiter.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The reader left between the two lines above, and has freed everything.
        }

        return false;
    }
}
