using System.Collections.Generic;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>An object of a program's own types (<c>bpf_obj_new</c>), which is there as long as somebody holds it.</summary>
/// <param name="name">The name of its type.</param>
/// <param name="fields">What the kernel looks after in it; null for nothing.</param>
/// <param name="isPerCpu">True when there is one for each CPU.</param>
internal sealed class LocalObject(string name, SpecialFields? fields, bool isPerCpu)
{
    /// <summary>What the kernel looks after in it; null for nothing.</summary>
    public SpecialFields? Fields { get; } = fields;

    /// <summary>True when there is one for each CPU.</summary>
    public bool IsPerCpu { get; } = isPerCpu;

    /// <summary>Where it is; of a per-CPU object what programs pass on and never look into, and then that of each CPU.</summary>
    public List<ulong> Addresses { get; } = [];

    /// <summary>How many hold it.</summary>
    public int References { get; set; } = 1;

    /// <summary>The name of its type.</summary>
    public override string ToString() => name;
}
