using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>What a probe's question was answered with: the one place that tells an inability from a refusal, and both from no answer.</summary>
[SupportedOSPlatform("linux")]
internal static class ProbeAnswer
{
    /// <summary>Supported when there is a descriptor, which is closed; else what the refusal means.</summary>
    public static FeatureSupport Of(FileDescriptorHandle? handle, Errno errno)
    {
        using (handle)
            return Of(handle is not null, errno);
    }

    /// <summary>Supported when the answer is the one that only a kernel with the feature gives; else what the refusal means.</summary>
    public static FeatureSupport Of(bool isThere, Errno errno) => isThere ? FeatureSupport.Supported
        : IsShortage(errno) ? FeatureSupport.Unanswered
        : ProbeRights.IsDenied(errno) ? FeatureSupport.Denied : FeatureSupport.Missing;

    /// <summary>The same of a file, or of what is found by name: EACCES says there that it may not be looked for.</summary>
    public static FeatureSupport OfFile(bool isThere, Errno errno)
        => !isThere && errno == Errno.EACCES ? FeatureSupport.Denied : Of(isThere, errno);

    /// <summary>What a failure means of something that is there, or cannot be looked for.</summary>
    public static FeatureSupport Of(BpfException failure) => IsShortage(failure.Errno) ? FeatureSupport.Unanswered : FeatureSupport.Denied;

    /// <summary>
    /// Whether the kernel had no memory or descriptors left to answer with, or was interrupted (EAGAIN: the verifier, by signals):
    /// then nothing was answered, and the next question may be.
    /// </summary>
    public static bool IsShortage(Errno errno) => errno is Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN or Errno.EINTR;
}
