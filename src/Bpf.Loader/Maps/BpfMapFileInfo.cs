using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>What the kernel says of a map in <c>/proc/self/fdinfo</c> and nowhere else.</summary>
/// <param name="MemoryBytes">
/// The memory that the map takes, in bytes: what it could take at the most before 6.4, what it takes at the moment since then; 0 when
/// the kernel does not know it of this kind of map.
/// </param>
/// <param name="IsFrozen">Whether user space can only read it, for ever (5.2).</param>
/// <param name="OwnerType">The type of programs that a program array or device map takes, if the first one fixed it.</param>
/// <param name="OwnerIsJited">Whether these are compiled to machine code; null when there is no <paramref name="OwnerType"/>.</param>
[SupportedOSPlatform("linux")]
public readonly record struct BpfMapFileInfo(ulong MemoryBytes, bool IsFrozen, BpfProgramType? OwnerType, bool? OwnerIsJited)
{
    internal static BpfMapFileInfo Read(BpfMap map)
    {
        using HandleUse use = map.Handle.Use();
        DescriptorInfo info = DescriptorInfo.Read("self", use.Descriptor)
            ?? throw new BpfException("open", Errno.ENOENT, $"/proc/self/fdinfo of {MapRefusal.Describe(map)}", "Is /proc mounted?");
        uint? owner = (uint?)info["owner_prog_type"];
        return new BpfMapFileInfo(
            info["memlock"] ?? 0,
            info["frozen"] is not (null or 0),
            (BpfProgramType?)owner,
            owner is null ? null : info["owner_jited"] is not (null or 0));
    }
}
