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
    /// The types that are relocated against, those of kernel functions and symbols too; null for the running kernel's. A symbol without
    /// a type is at the address that it has in the running kernel.
    /// </param>
    /// <param name="options">What is left out; by default nothing.</param>
    /// <returns>A result for each of <see cref="Programs"/>, in their order.</returns>
    /// <exception cref="BpfException">The running kernel's types are needed and cannot be read.</exception>
    /// <exception cref="BpfFormatException">The relocation records of the object are malformed.</exception>
    public IReadOnlyList<BpfRelocatedProgram> Relocate(ITargetTypes? target = null, BpfRelocateOptions? options = null) =>
        OfflineRelocation.Relocate(this, target, options ?? new BpfRelocateOptions());
}
