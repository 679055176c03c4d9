namespace Bpf.Loader.Links;

/// <summary>How a user function is probed.</summary>
public sealed record UprobeOptions
{
    /// <summary>Bytes from the beginning of the function, at the start of an instruction; not for returns.</summary>
    public ulong Offset { get; init; }

    /// <summary>
    /// The process to probe, or <see langword="null"/> for all that run the binary. With a process, the binary is looked for in
    /// its mount namespace, and a library by name is the one that it has mapped.
    /// </summary>
    public int? ProcessId { get; init; }

    /// <summary>What <c>bpf_get_attach_cookie()</c> gives in the program (5.15).</summary>
    public ulong Cookie { get; init; }

    /// <summary>Where in the file the counter stands that the kernel raises while the probe is there (4.20); 0 for none.</summary>
    public ulong ReferenceCounterOffset { get; init; }

    /// <summary>By which of the kernel's ways.</summary>
    public ProbeMode Mode { get; init; }
}
