using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;

namespace Bpf.Loader;

/// <summary>How an object is loaded.</summary>
[SupportedOSPlatform("linux")]
public sealed record BpfLoadOptions
{
    /// <summary>
    /// The types to relocate against instead of the running kernel's, for kernels that carry no BTF. Externs and attach targets are
    /// always the running kernel's own.
    /// </summary>
    public BtfReader? TargetBtf { get; init; }

    /// <summary>
    /// Lines of a kernel configuration (<c>CONFIG_HZ=250</c>) that <c>__kconfig</c> externs read first; the running kernel's own
    /// configuration answers for the rest.
    /// </summary>
    public string? KernelConfig { get; init; }

    /// <summary>
    /// Maps to use instead of new ones, by the name in the object: they must have the same type and sizes. The caller keeps them.
    /// </summary>
    public IReadOnlyDictionary<string, BpfMap> ReuseMaps { get; init; } = new Dictionary<string, BpfMap>();

    /// <summary>
    /// The loaded programs that programs of the object attach to or replace functions of, by the name of the program in the object.
    /// </summary>
    public IReadOnlyDictionary<string, BpfProgram> AttachPrograms { get; init; } = new Dictionary<string, BpfProgram>();

    /// <summary>
    /// The verifier's log level: 0 asks for a log only when a program is refused, 1 keeps the log of each program, 2 that of every
    /// step; 4 adds statistics.
    /// </summary>
    public int VerifierLogLevel { get; init; }

    /// <summary>
    /// A bpf file system that a privileged process delegated to this one, from which a BPF token is made (Linux 6.9). Null takes
    /// the one that the variable <c>LIBBPF_BPF_TOKEN_PATH</c> names, or else tries <c>/sys/fs/bpf</c> and goes on without a token when that
    /// delegates nothing; an empty text, here or in the variable, never tries.
    /// </summary>
    public string? TokenPath { get; init; }

    /// <summary>What to take the kernel's features for, instead of asking it.</summary>
    internal KernelFeatures? Features { get; init; }

    /// <summary>
    /// Called for each finding: those of the file first, then those of the load as they come, and later those of attaching programs and
    /// opening buffers; all of them are in <see cref="BpfObject.Diagnostics"/> too. That a link was left to the garbage collector is told
    /// on another thread.
    /// </summary>
    public Action<BpfFinding>? OnDiagnostic { get; init; }
}
