namespace Bpf.Loader;

/// <summary>How the programs of an object are attached.</summary>
public sealed record BpfAttachAllOptions
{
    /// <summary>
    /// True to attach what can be attached and to collect the refusals in <see cref="BpfLinkCollection.Failures"/>; false, the
    /// default, to attach all or nothing.
    /// </summary>
    public bool ContinueOnError { get; init; }
}
