using System;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Probes;

namespace Bpf.Loader;

/// <summary>
/// What the running kernel can do, found out by trying: versions tell little, because distributions backport and
/// configurations leave out.
/// </summary>
/// <remarks>Needs the capabilities that the thing itself needs, such as CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</remarks>
[SupportedOSPlatform("linux")]
public static partial class BpfFeatures
{
    /// <summary>Whether programs of a type can be loaded.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="BpfException">The process may not ask, or memory or descriptors ran short.</exception>
    public static bool Supports(BpfProgramType type)
    {
        FeatureSupport support = ProgramTypeProbe.Ask(type, out Errno errno);
        return IsAnswer(support)
            ? support == FeatureSupport.Supported
            : throw Refusal.OfProgram(BpfCommand.ProgLoad, type, Reason(support, errno), $"a program of type {type}");
    }

    /// <summary>Whether maps of a type can be created.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="BpfException">The process may not ask, or memory or descriptors ran short.</exception>
    public static bool Supports(BpfMapType type)
    {
        FeatureSupport support = MapTypeProbe.Ask(type, out Errno errno);
        return IsAnswer(support)
            ? support == FeatureSupport.Supported
            : throw Refusal.OfMap(type, Reason(support, errno), $"a map of type {type}");
    }

    /// <summary>Whether the value of one CPU can be read and written in maps that have one for each: <c>BPF_F_CPU</c>, newer than Linux 6.18.</summary>
    public static bool SupportsSingleCpuElements => KernelFeatures.Current.Supports(KernelFeature.SingleCpuElements);

    /// <summary>Whether programs of a type may call a helper.</summary>
    /// <param name="type">
    /// The type; not one of those that need a target (<see cref="BpfProgramType.Tracing"/>, <see cref="BpfProgramType.Lsm"/>,
    /// <see cref="BpfProgramType.Ext"/>, <see cref="BpfProgramType.StructOps"/>), of which the kernel does not tell.
    /// </param>
    /// <param name="helper">The helper's number in the uapi.</param>
    /// <exception cref="BpfException">The process may not ask, or memory or descriptors ran short.</exception>
    /// <exception cref="ArgumentException">The type needs a target.</exception>
    public static bool SupportsHelper(BpfProgramType type, int helper)
    {
        if (!HelperProbe.CanAsk(type))
            throw new ArgumentException($"Which helpers programs of type {type} may call depends on their target.", nameof(type));
        FeatureSupport support = HelperProbe.Ask(type, helper, out Errno errno);
        return IsAnswer(support)
            ? support == FeatureSupport.Supported
            : throw Refusal.OfProgram(BpfCommand.ProgLoad, type, Reason(support, errno), $"a program of type {type}");
    }

    /// <summary>Whether programs of a type may call a helper.</summary>
    /// <param name="type">The type; not one of those that need a target.</param>
    /// <param name="helper">The helper's name, such as <c>bpf_ktime_get_ns</c>.</param>
    /// <exception cref="BpfException">The process may not ask, or memory or descriptors ran short.</exception>
    /// <exception cref="ArgumentException">The type needs a target, or no helper has that name.</exception>
    public static bool SupportsHelper(BpfProgramType type, string helper)
        => BpfHelper.TryGetNumber(helper, out int number)
            ? SupportsHelper(type, number)
            : throw new ArgumentException($"No helper has the name '{helper}'.", nameof(helper));

    private static bool IsAnswer(FeatureSupport support) => support is FeatureSupport.Supported or FeatureSupport.Missing;

    // Without rights, some commands say EINVAL where they mean EPERM.
    private static Errno Reason(FeatureSupport support, Errno errno) => support == FeatureSupport.Denied ? Errno.EPERM : errno;
}
