namespace Bpf.Loader.Links;

/// <summary>How a filter of traffic control is made.</summary>
public sealed record TcOptions
{
    /// <summary>The lower, the earlier; 0 lets the kernel choose one before all others.</summary>
    public ushort Priority { get; init; }

    /// <summary>The filter's number among those of its priority; 0 lets the kernel choose.</summary>
    public uint Handle { get; init; }

    /// <summary>True to replace the filter that has this priority and handle.</summary>
    public bool Replace { get; init; }
}
