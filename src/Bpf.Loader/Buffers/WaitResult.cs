namespace Bpf.Loader.Buffers;

/// <summary>Why a wait for records ended.</summary>
internal enum WaitResult
{
    /// <summary>The time is over.</summary>
    TimedOut,

    /// <summary>There may be records.</summary>
    Ready,

    /// <summary>Somebody wants the waiting thread to look up: a cancellation or the end.</summary>
    Woken,
}
