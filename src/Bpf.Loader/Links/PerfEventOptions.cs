namespace Bpf.Loader.Links;

/// <summary>When a perf event runs a program, and for whom.</summary>
public sealed record PerfEventOptions
{
    /// <summary>How often a second it should run the program; 0 to go by <see cref="Period"/>.</summary>
    public ulong Frequency { get; init; }

    /// <summary>After how many events it runs the program; by default 1.</summary>
    public ulong Period { get; init; } = 1;

    /// <summary>The process, or <see langword="null"/> for all.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The CPU, or <see langword="null"/> for all that are online.</summary>
    public int? Cpu { get; init; }

    /// <summary>What <c>bpf_get_attach_cookie()</c> gives in the program (5.15).</summary>
    public ulong Cookie { get; init; }
}
