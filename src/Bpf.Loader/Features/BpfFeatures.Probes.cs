using System;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Probes;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public static partial class BpfFeatures
{
    /// <summary>
    /// Why probes say <see cref="BpfSupport.NotPermitted"/>: a sentence with the capabilities that the process lacks, of CAP_BPF,
    /// CAP_PERFMON and CAP_NET_ADMIN, or with what else there is that forbids.
    /// </summary>
    public static string ExplainNotPermitted() => Refusal.HintFor(BpfCommand.ProgLoad, Errno.EPERM, NeededCapabilities.Of(BpfProgramType.Ext))!;

    /// <summary>Whether programs of a type can be loaded, without an exception where the process may not ask.</summary>
    /// <param name="type">The type.</param>
    public static BpfSupport Probe(BpfProgramType type) => ProbeCache.Lasting("program type", (uint)type, () => ProgramTypeProbe.Ask(type, out _));

    /// <summary>Whether maps of a type can be created, without an exception where the process may not ask.</summary>
    /// <param name="type">The type.</param>
    public static BpfSupport Probe(BpfMapType type) => ProbeCache.Lasting("map type", (uint)type, () => MapTypeProbe.Ask(type, out _));

    /// <summary>Whether the kernel has an ability.</summary>
    /// <param name="feature">The ability.</param>
    public static BpfSupport Probe(BpfFeature feature) => ProbeCache.Lasting("feature", (uint)feature, () => FeatureProbe.Ask(feature));

    /// <summary>Whether programs can be attached as a type of attachment.</summary>
    /// <param name="type">The type of attachment.</param>
    /// <remarks>
    /// Nothing is attached: the kernel is asked for an attachment to nothing. Of the few types of which that tells nothing, such as the
    /// entries of a devmap, the kernel's own types tell.
    /// </remarks>
    public static BpfSupport Probe(BpfAttachType type) => ProbeCache.Lasting("attach type", (uint)type, () => AttachTypeProbe.Ask(type, ProgramTypeOf(type)));

    /// <summary>Whether programs of a type may call a helper, without an exception where the process may not ask.</summary>
    /// <param name="type">The type; not one of those that need a target.</param>
    /// <param name="helper">The helper's number in the uapi.</param>
    /// <exception cref="ArgumentException">The type needs a target.</exception>
    public static BpfSupport ProbeHelper(BpfProgramType type, int helper)
    {
        if (!HelperProbe.CanAsk(type))
            throw new ArgumentException($"Which helpers programs of type {type} may call depends on their target.", nameof(type));
        return ProbeCache.Lasting("helper", ((ulong)type << 32) | (uint)helper, () => HelperProbe.Ask(type, helper, out _));
    }

    /// <inheritdoc cref="ProbeHelper(BpfProgramType, int)"/>
    /// <param name="type">The type; not one of those that need a target.</param>
    /// <param name="helper">The helper's name, such as <c>bpf_ktime_get_ns</c>.</param>
    public static BpfSupport ProbeHelper(BpfProgramType type, string helper) => BpfHelper.TryGetNumber(helper, out int number)
        ? ProbeHelper(type, number)
        : throw new ArgumentException($"No helper has the name '{helper}'.", nameof(helper));

    /// <summary>Whether programs of a type may call a function of the kernel (a kfunc).</summary>
    /// <param name="type">The type; not <see cref="BpfProgramType.Ext"/> or <see cref="BpfProgramType.StructOps"/>, of which it depends on the target.</param>
    /// <param name="function">The function, such as <c>bpf_task_acquire</c>.</param>
    /// <exception cref="ArgumentException">The type needs a certain target.</exception>
    /// <remarks>Linux 5.13. Functions of modules are found when the module is loaded.</remarks>
    public static BpfSupport ProbeKernelFunction(BpfProgramType type, string function)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        if (!KernelFunctionProbe.CanAsk(type))
            throw new ArgumentException($"Which functions programs of type {type} may call depends on their target.", nameof(type));
        return ProbeCache.Changing($"kfunc {(uint)type}", function, () => KernelFunctionProbe.Ask(type, function));
    }

    /// <summary>Whether programs can be attached to the entry and the exit of a kernel function (<c>fentry</c>, <c>fexit</c>).</summary>
    /// <param name="function">The function, of the kernel or of a module that is loaded; <c>MODULE:FUNCTION</c> says of which.</param>
    /// <remarks>
    /// Linux 5.5. A program is loaded for it and not attached; that the function can be traced is told by tracefs where it can be read.
    /// </remarks>
    public static BpfSupport ProbeFEntry(string function)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        return ProbeCache.Changing("fentry", function, () => TargetProbe.FEntry(function));
    }

    /// <summary>Whether a kernel function can be probed (<c>kprobe</c>): the probe is made, and removed again.</summary>
    /// <param name="function">The function, as <c>/proc/kallsyms</c> names it.</param>
    public static BpfSupport ProbeKprobe(string function)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        return ProbeCache.Changing("kprobe", function, () => TargetProbe.Kprobe(function));
    }

    /// <summary>Whether there is a tracepoint.</summary>
    /// <param name="category">The category, such as <c>sched</c>.</param>
    /// <param name="name">The tracepoint, such as <c>sched_process_exec</c>.</param>
    public static BpfSupport ProbeTracepoint(string category, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(category);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ProbeCache.Changing("tracepoint", $"{category}/{name}", () => TargetProbe.Tracepoint(category, name));
    }

    /// <summary>Whether there is a raw tracepoint: a program is attached to it for a moment.</summary>
    /// <param name="name">The tracepoint, such as <c>sched_process_exec</c>.</param>
    public static BpfSupport ProbeRawTracepoint(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ProbeCache.Changing("raw tracepoint", name, () => TargetProbe.RawTracepoint(name));
    }

    /// <summary>The value that the kernel was built with for an option.</summary>
    /// <param name="option">The option, such as <c>CONFIG_BPF_LSM</c>.</param>
    /// <param name="value">What stands behind the <c>=</c>, such as <c>y</c>; null when the option is not set or nobody tells.</param>
    /// <returns>
    /// Whether the option is set; <see cref="BpfSupport.NotPermitted"/> where the kernel's configuration cannot be read
    /// (<c>/boot/config-RELEASE</c>, <c>/proc/config.gz</c>).
    /// </returns>
    public static BpfSupport ProbeConfig(string option, out string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(option);
        value = null;
        try
        {
            return KernelConfig.Read([option], null).TryGet(option, out value) ? BpfSupport.Yes : BpfSupport.No;
        }
        catch (BpfLoaderException failure)
        {
            return failure is BpfException { Errno: var errno } && ProbeAnswer.IsShortage(errno) ? BpfSupport.Unknown : BpfSupport.NotPermitted;
        }
    }

    // CGROUP_INET_INGRESS is 0, which is what all rows without a type have.
    private static BpfProgramType ProgramTypeOf(BpfAttachType type) => type == BpfAttachType.CgroupInetIngress
        ? BpfProgramType.CgroupSkb
        : SectionTable.All.FirstOrDefault(row => row.AttachType == type)?.ProgramType ?? BpfProgramType.Unspecified;
}
