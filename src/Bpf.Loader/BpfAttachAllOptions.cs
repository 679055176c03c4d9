using System.Collections.Generic;

namespace Bpf.Loader;

/// <summary>How the programs of an object are attached.</summary>
public sealed record BpfAttachAllOptions
{
    /// <summary>
    /// True to attach what can be attached and to collect the refusals in <see cref="BpfLinkCollection.Failures"/>; false, the
    /// default, to attach all or nothing.
    /// </summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The names of programs and struct_ops maps to leave alone, because the caller attaches them: none of them is told to be passed over.</summary>
    public IReadOnlyCollection<string> Except { get; init; } = [];
}
