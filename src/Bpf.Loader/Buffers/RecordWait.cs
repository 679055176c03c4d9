using System;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>Waits for a buffer on the caller's own thread.</summary>
internal static class RecordWait
{
    /// <summary>Waits until there is something to take.</summary>
    /// <param name="source">The buffer; the caller becomes its reader meanwhile.</param>
    /// <param name="timeout">How long at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The buffer is disposed, maybe while waiting.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public static bool For<TSource>(TSource source, TimeSpan timeout, CancellationToken cancellationToken)
        where TSource : class, IRecordSource
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();

        source.Enter();
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static waiting => ((TSource)waiting!).Wake(), source);
            var spin = default(SpinWait);
            while (true)
            {
                if (source.HasRecords())
                    return true;
                int left = deadline.Left;
                if (left == 0)
                    return false;
                WaitResult result = source.Wait(left);
                Disposed.ThrowIf(source.IsClosed, "buffer", source.Name);
                cancellationToken.ThrowIfCancellationRequested();
                // The kernel calls a ring readable whose oldest record is still being written: do not ask it without end.
                if (result == WaitResult.Ready && !source.HasRecords())
                    spin.SpinOnce();
            }
        }
        finally
        {
            source.Exit();
        }
    }
}
