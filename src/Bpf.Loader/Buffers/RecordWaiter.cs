using System;

namespace Bpf.Loader.Buffers;

/// <summary>Blocks a thread until a buffer has records, and lets others wake it.</summary>
internal abstract class RecordWaiter : IDisposable
{
    /// <summary>Blocks; one thread at a time.</summary>
    /// <param name="milliseconds">How long at the most; -1 for ever.</param>
    public abstract WaitResult Wait(int milliseconds);

    /// <summary>Ends the present wait or, if nobody waits, the next.</summary>
    public abstract void Wake();

    /// <summary>Forgets a <see cref="Wake"/> that met no wait.</summary>
    public abstract void Reset();

    /// <summary>Waits for the only reader, which looks after each wake-up at why it came.</summary>
    /// <param name="milliseconds">How long at the most; -1 for ever.</param>
    /// <remarks>A wake-up may be left from a reader that ended by itself before it was told to; forgotten, it does no harm.</remarks>
    public WaitResult WaitOnce(int milliseconds)
    {
        WaitResult result = Wait(milliseconds);
        if (result == WaitResult.Woken)
            Reset();
        return result;
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
