namespace Bpf.Loader.Links;

/// <summary>How an XDP program is attached.</summary>
public sealed record XdpOptions
{
    /// <summary>Where the device runs the program.</summary>
    public XdpMode Mode { get; init; }

    /// <summary>
    /// True to attach by netlink, as before 5.9: the program is not owned by a link, and another may take its place. On kernels
    /// without XDP links it is done so anyway.
    /// </summary>
    public bool UseNetlink { get; init; }

    /// <summary>With netlink, the program that must be there now (5.7); <see langword="null"/> for any.</summary>
    public BpfProgram? Expected { get; init; }

    /// <summary>With netlink, true to replace whatever is there; false to refuse when something is.</summary>
    public bool ReplaceAny { get; init; }
}
