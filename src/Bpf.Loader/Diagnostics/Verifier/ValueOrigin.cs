using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Where a value comes from, and what happened to it since.</summary>
/// <param name="Kind">What it comes from.</param>
/// <param name="Step">The instruction that made it; null when there is none, as for the context.</param>
internal sealed record ValueOrigin(ValueOriginKind Kind, TraceStep? Step)
{
    /// <summary>The arithmetic since, the latest first.</summary>
    public IReadOnlyList<TraceStep> Arithmetic { get; init; } = [];

    /// <summary>The map of a look-up, of a variable, or itself.</summary>
    public VerifiedMap? Map { get; init; }

    /// <summary>The name of that map, where only the log knows it.</summary>
    public string? MapName { get; init; }

    /// <summary>The address that it was loaded from; of a look-up, the map that was looked up before.</summary>
    public ValueOrigin? Base { get; init; }

    /// <summary>The offset that it was loaded from, or on the stack.</summary>
    public long Offset { get; init; }

    /// <summary>The helper or kernel function that gave it.</summary>
    public string Callee => Step?.Operation.Callee ?? "";
}
