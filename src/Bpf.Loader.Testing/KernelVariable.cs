namespace Bpf.Loader.Testing;

/// <summary>A variable of the kernel, with a copy for each CPU.</summary>
public sealed class KernelVariable
{
    private readonly KernelObject[] _copies;

    internal KernelVariable(string name, KernelObject[] copies)
    {
        Name = name;
        _copies = copies;
        foreach (KernelObject copy in copies) copy.Variable = this;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The variable; of a per-CPU variable that of CPU 0.</summary>
    public KernelObject Value => _copies[0];

    /// <summary>The copy of a CPU.</summary>
    public KernelObject this[int cpu] => _copies[cpu];

    /// <summary>The address that programs get, which stands for all copies.</summary>
    internal ulong Address => _copies[0].Address;

    internal int Count => _copies.Length;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
