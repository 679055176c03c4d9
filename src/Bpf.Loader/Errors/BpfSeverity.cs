namespace Bpf.Loader;

/// <summary>How much a finding matters.</summary>
public enum BpfSeverity
{
    /// <summary>Something worth knowing that changes nothing for the user.</summary>
    Info,

    /// <summary>Something was left out or replaced; the object still works, perhaps with less.</summary>
    Warning,

    /// <summary>The thing concerned cannot be used.</summary>
    Error,
}
