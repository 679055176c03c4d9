using System.Collections.Generic;
using Bpf.Loader.Loading;
using Bpf.Loader.Relocation;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    /// <summary>
    /// Links and relocates all programs, optional ones too, without loading anything: no bpf(2) call is made, and no privilege is
    /// needed. What concerns one program only is its <see cref="BpfRelocatedProgram.Failure"/>, and stops no other.
    /// </summary>
    /// <param name="target">
    /// The types that CO-RE relocates against; null for the running kernel's. Kernel functions and symbols are those of the running
    /// kernel in any case, and of the target only where the running kernel shows no types.
    /// </param>
    /// <returns>A result for each of <see cref="Programs"/>, in their order.</returns>
    /// <exception cref="BpfException">The running kernel's types are needed and cannot be read.</exception>
    /// <exception cref="BpfFormatException">The relocation records of the object are malformed.</exception>
    public IReadOnlyList<BpfRelocatedProgram> Relocate(ITargetTypes? target = null) => OfflineRelocation.Relocate(this, target);
}
