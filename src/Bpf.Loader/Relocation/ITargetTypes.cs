using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>The types that a program is relocated against: those of the running kernel, or of another one.</summary>
public interface ITargetTypes
{
    /// <summary>The types of the kernel.</summary>
    BtfReader Kernel { get; }

    /// <summary>
    /// The types of the kernel's modules, each going on from <see cref="Kernel"/>. Asked for only when the kernel itself has no type
    /// of a name; empty when the target is a BTF file.
    /// </summary>
    IReadOnlyList<BtfReader> Modules { get; }
}
