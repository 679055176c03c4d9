using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>Target types that were read from files.</summary>
public sealed class TargetTypes : ITargetTypes
{
    /// <summary>Takes types as the target.</summary>
    /// <param name="kernel">The types of the kernel.</param>
    /// <param name="modules">The types of modules, each read with <paramref name="kernel"/> as its base.</param>
    public TargetTypes(BtfReader kernel, params IReadOnlyList<BtfReader> modules)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(modules);
        Kernel = kernel;
        Modules = modules;
    }

    /// <summary>What messages call these types, such as the name of their file; null for nothing in particular.</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    public BtfReader Kernel { get; }

    /// <inheritdoc/>
    public IReadOnlyList<BtfReader> Modules { get; }
}
