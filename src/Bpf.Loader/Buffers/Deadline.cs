using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>When a wait is over, though it may be interrupted and begun again.</summary>
internal readonly struct Deadline
{
    private readonly long _milliseconds;
    private readonly long _started;

    private Deadline(long milliseconds)
    {
        _milliseconds = milliseconds;
        _started = Stopwatch.GetTimestamp();
    }

    /// <summary>What is left, in milliseconds as epoll_wait(2) takes them: 0 when it is over, -1 when it never is.</summary>
    public int Left
    {
        get
        {
            if (_milliseconds < 0)
                return -1;
            long left = _milliseconds - (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds;
            return (int)Math.Clamp(left, 0, int.MaxValue);
        }
    }

    /// <summary>A time from now; a part of a millisecond counts as one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static Deadline After(TimeSpan timeout, [CallerArgumentExpression(nameof(timeout))] string? parameter = null)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return new Deadline(-1);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero, parameter);
        return new Deadline((long)Math.Ceiling(timeout.TotalMilliseconds));
    }
}
