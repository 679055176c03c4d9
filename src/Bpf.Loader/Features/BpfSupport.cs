namespace Bpf.Loader;

/// <summary>What a probe of the running kernel found out.</summary>
public enum BpfSupport
{
    /// <summary>The kernel does not have it.</summary>
    No = 0,

    /// <summary>The kernel has it.</summary>
    Yes = 1,

    /// <summary>The process lacks the right to find out; with more rights it may be either.</summary>
    NotPermitted = 2,

    /// <summary>There was no answer, because memory or descriptors ran short; the next probe may hear one.</summary>
    Unknown = 3,
}
