using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Light;

/// <summary>How a light object is loaded.</summary>
[SupportedOSPlatform("linux")]
public sealed record BpfLightLoadOptions
{
    /// <summary>The keys that a signature is checked with; by default those of the session, which <c>keyctl</c> and <c>add_key</c>(2) put there.</summary>
    public BpfKeyring Keyring { get; init; } = BpfKeyring.Session;

    /// <summary>Lines of a kernel configuration (<c>CONFIG_HZ=250</c>) that <c>__kconfig</c> externs read first; the running kernel's own answers for the rest.</summary>
    public string? KernelConfig { get; init; }

    /// <summary>Called for each finding: those of the load as they come, and later those of attaching programs and opening buffers.</summary>
    public Action<BpfFinding>? OnDiagnostic { get; init; }
}
