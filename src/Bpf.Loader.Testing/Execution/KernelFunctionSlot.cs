namespace Bpf.Loader.Testing.Execution;

/// <summary>A kernel function by its name, and what stands in for it.</summary>
internal sealed class KernelFunctionSlot(string name)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>What runs when a program calls it; null when nothing is supplied.</summary>
    public BpfHelperBody? Body { get; set; }

    /// <summary>True when that is the test's.</summary>
    public bool IsSupplied { get; set; }
}
