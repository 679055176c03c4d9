using System;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>Counts those who use a buffer at the moment, and keeps its memory until the last has left.</summary>
/// <remarks>Mutable structure: a field, never copied.</remarks>
internal struct UseCount
{
    // Twice the number of uses, plus 1 when closed.
    private const int Closed = 1;
    private const int One = 2;

    private int _state;

    /// <summary>Begins a use.</summary>
    /// <exception cref="ObjectDisposedException">The buffer is closed.</exception>
    /// <param name="kind">What the buffer is.</param>
    /// <param name="name">Its name.</param>
    public void Enter(string kind, string name) => Disposed.ThrowIf(!TryEnter(), kind, name);

    /// <summary>Begins a use unless the buffer is closed.</summary>
    public bool TryEnter()
    {
        int state = Volatile.Read(in _state);
        while ((state & Closed) == 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + One, state);
            if (seen == state)
                return true;
            state = seen;
        }

        return false;
    }

    /// <summary>Ends a use.</summary>
    /// <returns>Whether it was the last of a closed buffer, so that it is on the caller to free it.</returns>
    public bool Exit() => Interlocked.Add(ref _state, -One) == Closed;

    /// <summary>Lets nobody begin a use any more; to be called within one.</summary>
    /// <returns><see langword="false"/> when it was closed before.</returns>
    public bool Close() => (Interlocked.Or(ref _state, Closed) & Closed) == 0;
}
