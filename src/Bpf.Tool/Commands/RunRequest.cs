using System;
using System.Collections.Generic;

namespace Bpf.Tool.Commands;

/// <summary>What <c>bpf run</c> is asked to do.</summary>
internal sealed record RunRequest(string File)
{
    /// <summary>The values of <c>--set</c>.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>The values of <c>--event</c>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>How long; null until it is interrupted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The capture whose packets are run in the machine; null to attach to the kernel.</summary>
    public string? Packets { get; init; }

    /// <summary>The only program to run in the machine; null for all of packets.</summary>
    public string? Program { get; init; }

    /// <summary>The file with the types to relocate against.</summary>
    public string? Btf { get; init; }

    /// <summary>True to print JSON.</summary>
    public bool Json { get; init; }

    /// <summary>True to print whole verifier logs.</summary>
    public bool Verbose { get; init; }
}
