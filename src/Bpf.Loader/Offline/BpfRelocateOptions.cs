namespace Bpf.Loader;

/// <summary>How programs are relocated without being loaded.</summary>
public sealed record BpfRelocateOptions
{
    /// <summary>
    /// True to leave kernel symbols, kernel functions and configuration as <see cref="BpfRelocatedProgram.References"/>, for a caller
    /// that stands in for the kernel: none is looked up, and none can be missing. False, the default, to look them up in the running
    /// kernel.
    /// </summary>
    public bool KeepExterns { get; init; }
}
