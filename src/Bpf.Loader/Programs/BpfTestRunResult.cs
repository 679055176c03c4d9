using System;

namespace Bpf.Loader;

/// <summary>What came of running a program without its hook.</summary>
public sealed record BpfTestRunResult
{
    /// <summary>What the program returned, the last time.</summary>
    public required uint ReturnValue { get; init; }

    /// <summary>How long one run took, on average; in units of 100 ns.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long one run took, on average, in nanoseconds.</summary>
    public required uint DurationNanoseconds { get; init; }

    /// <summary>What the program made of the packet.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>True when the packet is longer than the room for it, so that its end is missing in <see cref="Data"/>.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>What the program made of the context.</summary>
    public required ReadOnlyMemory<byte> Context { get; init; }
}
