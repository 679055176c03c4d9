using System.Runtime.Versioning;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>Finds what the kernel lacks for an attachment that it refuses, by its own types.</summary>
[SupportedOSPlatform("linux")]
internal static class HookAbilities
{
    private const string IteratorParameters = "bpf_iter_link_info";

    /// <summary>What is lacking; null when the hook is there, or the kernel's types cannot be asked.</summary>
    public static KernelLack? FindLack(BpfAttachType hook, Errno errno)
        => IsAboutAbilities(errno) && KernelEnum.Has(KernelEnum.AttachTypes, (long)hook) is false ? ProgramAbilities.OfAttachType(hook) : null;

    /// <summary>What is lacking for the parameters of an iterator.</summary>
    /// <param name="member">What they are about, as the kernel's union of them names it: <c>map</c>, <c>cgroup</c> or <c>task</c>.</param>
    /// <param name="errno">The kernel's answer: E2BIG when the parameters are longer than it knows them.</param>
    public static KernelLack? FindLackOfIterator(string member, Errno errno)
    {
        if (!IsAboutAbilities(errno)) return null;
        string since = member == "map" ? "5.9" : "6.1"; // include/uapi/linux/bpf.h, union bpf_iter_link_info
        bool isLacking = KernelEnum.HasMember(BtfKind.Union, IteratorParameters, member) is bool has ? !has : !FirstKernels.IsReached(since);
        return !isLacking ? null : new KernelLack(
            member switch { "map" => "an iterator over a chosen map", "cgroup" => "an iterator over a chosen cgroup", _ => "an iterator over a chosen thread or process" }, since)
        {
            Instead = member == "map" ? null : "Go over all of them, and let the program pass over the others.",
        };
    }

    private static bool IsAboutAbilities(Errno errno) => errno is Errno.EINVAL or Errno.E2BIG or Errno.EOPNOTSUPP or Errno.ENOTSUPP;
}
