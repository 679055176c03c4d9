namespace Bpf.Loader.Links;

/// <summary>How a program is attached to a cgroup.</summary>
public sealed record CgroupOptions
{
    /// <summary>How it shares the cgroup.</summary>
    public CgroupAttachMode Mode { get; init; }

    /// <summary>The hook, for programs that were not loaded for a certain one, such as those of <c>cgroup/skb</c>; null for the one that the program was loaded for.</summary>
    public BpfAttachType? AttachType { get; init; }

    /// <summary>Where among the programs that are there (6.17); null is behind them.</summary>
    public AttachOrder? Order { get; init; }

    /// <summary>True to run before the programs of the cgroups below rather than behind them (6.15).</summary>
    public bool PreOrder { get; init; }

    /// <summary>
    /// The program to replace: with <see cref="CgroupAttachMode.Multiple"/> (5.6), or the one that is alone. Without it, a cgroup whose program
    /// is alone takes no other.
    /// </summary>
    public BpfProgram? Replace { get; init; }
}
