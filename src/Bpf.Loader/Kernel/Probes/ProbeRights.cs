using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>
/// Whether what a probe heard is the kernel's inability or the process's lack of rights. Without them, the verifier knows fewer
/// helpers, no loops and no large programs, and some commands say EINVAL where they mean EPERM: a "no" counts only from a process
/// that has all capabilities that a "yes" takes.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ProbeRights
{
    /// <summary>Whether a refusal is about rights: the kernel's own, or a seccomp filter's that hides the system call.</summary>
    public static bool IsDenied(Errno errno) => errno == Errno.EPERM || (errno == Errno.ENOSYS && ProcessRights.IsFiltered);

    /// <summary>Missing only if the process has the capabilities, in the first user namespace; else denied.</summary>
    public static FeatureSupport Doubt(FeatureSupport found, ReadOnlySpan<Capability> needed)
        => found == FeatureSupport.Missing && ProcessRights.Missing(needed).Count > 0 ? FeatureSupport.Denied : found;
}
