namespace Bpf.Loader.Links;

/// <summary>How a kernel function is probed.</summary>
public sealed record KprobeOptions
{
    /// <summary>Bytes from the beginning of the function, at the start of an instruction; not for returns.</summary>
    public ulong Offset { get; init; }

    /// <summary>What <c>bpf_get_attach_cookie()</c> gives in the program (5.15).</summary>
    public ulong Cookie { get; init; }

    /// <summary>By which of the kernel's ways.</summary>
    public ProbeMode Mode { get; init; }
}
