namespace Bpf.Loader.Links;

/// <summary>How a program is attached to netfilter.</summary>
public sealed record NetfilterOptions
{
    /// <summary>The lower, the earlier; other than the smallest and the greatest number.</summary>
    public int Priority { get; init; }

    /// <summary>True to put fragments together before (6.6); then the priority must be above -400.</summary>
    public bool Defragment { get; init; }
}
