using System.Collections.Generic;

namespace Bpf.Loader.Links;

/// <summary>How many user functions are probed with one link.</summary>
public sealed record UprobeMultiOptions
{
    /// <summary>True for the returns of the functions; programs of <c>uprobe.session</c> run at both anyway.</summary>
    public bool AtReturn { get; init; }

    /// <summary>The process to probe, or <see langword="null"/> for all that run the binary.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What <c>bpf_get_attach_cookie()</c> gives for each function; empty for no cookies. Not for patterns.</summary>
    public IReadOnlyList<ulong> Cookies { get; init; } = [];

    /// <summary>Where in the file each function's counter stands that the kernel raises while the probe is there; empty for none. Not for patterns.</summary>
    public IReadOnlyList<ulong> ReferenceCounterOffsets { get; init; } = [];
}
