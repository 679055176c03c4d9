using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>What an extern came to on a kernel.</summary>
internal sealed class ResolvedExtern(BpfExternDefinition definition)
{
    /// <summary>The extern.</summary>
    public BpfExternDefinition Definition { get; } = definition;

    /// <summary>True when the kernel has it; false for a weak one that it lacks, and for one that failed.</summary>
    public bool IsResolved { get; set; }

    /// <summary>The address of a symbol without type.</summary>
    public ulong Address { get; set; }

    /// <summary>The variable or function in the kernel's BTF, or in that of <see cref="Module"/>.</summary>
    public BtfTypeId TypeId { get; set; }

    /// <summary>The module's BTF in which the extern was found; null for the kernel's own.</summary>
    public BtfReader? Module { get; set; }

    /// <summary>The place of the module's BTF among the descriptors that calls of kernel functions refer to; 0 for the kernel's own.</summary>
    public int ModuleIndex { get; set; }

    /// <summary>Why the extern cannot be used; programs that do not refer to it are not concerned.</summary>
    public BpfLoaderException? Failure { get; set; }
}
