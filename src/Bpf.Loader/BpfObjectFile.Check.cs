using System;
using System.Collections.Generic;
using Bpf.Loader.Relocation;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    /// <summary>
    /// Finds what would fail on a kernel, by its types alone: CO-RE relocations without an answer in code that can be reached,
    /// functions, tracepoints, system calls and hooks that programs attach to, functions and variables of the kernel that they use, and helpers.
    /// </summary>
    /// <param name="target">The types of the kernel.</param>
    /// <returns>
    /// The findings, with their lines of C. There being none is no promise: the verifier may refuse what it could not follow, and a
    /// kernel may be configured without something that its types have.
    /// </returns>
    /// <exception cref="BpfFormatException">The relocation records of the object are malformed.</exception>
    public IReadOnlyList<BpfFinding> CheckPortability(ITargetTypes target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return PortabilityChecker.Check(this, target);
    }
}
