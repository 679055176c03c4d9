using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>Explains why the kernel refused to create a map: by what it lacks, by what of the map it does not take, or by memory.</summary>
[SupportedOSPlatform("linux")]
internal static class MapFailure
{
    private const ulong LargeElement = 1 << 20; // one that is near the largest allocation of the kernel (KMALLOC_MAX_SIZE, some megabytes)

    /// <summary>The exception for a refused map.</summary>
    /// <param name="map">What was asked for.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="what">The map, for messages.</param>
    /// <param name="kernelName">The name that the kernel was given; null when it was given none that could matter.</param>
    /// <param name="hint">What is known already; null for nothing.</param>
    public static BpfException Of(in MapQuestion map, Errno errno, string what, string? kernelName = null, string? hint = null)
    {
        if (hint is null && MapAbilities.FindLack(map, errno) is KernelLack lack)
        {
            // A type without a name here may be a slip as well as the future.
            return FirstKernels.Of(map.Type) is not null || map.Type == BpfMapType.RHash ? lack.ToException(BpfCommand.MapCreate, errno, what)
                : Refusal.OfMap(map.Type, errno, what, $"There is no map type {map.Type} that is known here, or it is newer than the kernel. {lack.Known}".TrimEnd());
        }

        return Refusal.OfMap(map.Type, errno, what, hint ?? Explain(map, errno, kernelName));
    }

    private static string? Explain(in MapQuestion map, Errno errno, string? kernelName) => errno switch
    {
        Errno.EINVAL when kernelName?.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') is false => "The kernel takes letters, digits, '_' and '.' in the name of a map: rename it.",
        Errno.EINVAL or Errno.ENOTSUPP or Errno.EOPNOTSUPP => MapAbilities.FindFault(map) is string fault
            ? $"{fault} The map is: {map}."
            : $"The kernel gives no reason. It knows the type and the flags, and takes such keys and values alone: what is left is their types in BTF, the inner map, or max_entries. The map is: {map}.",
        Errno.E2BIG => MapAbilities.FindFault(map)
            ?? (map.KeySize + (ulong)map.ValueSize < LargeElement ? MapMemory.Explain(map) : null)
            ?? $"A key of {map.KeySize} or a value of {map.ValueSize} bytes, or {map.MaxEntries} entries, are too many.",
        Errno.ENOMEM => MapMemory.Explain(map),

        // Before 5.11 a limit that is reached is EPERM; a right that is lacking is told by who knows of rights.
        Errno.EPERM when KernelFeatures.Current.Lacks(KernelFeature.MemoryCgroupAccounting) && ProcessRights.Missing(NeededCapabilities.Of(map.Type)).Count == 0
            && MapMemory.Estimate(map, PossibleCpus.Count) > MemoryLock.Limit => MapMemory.Explain(map),
        _ => null,
    };
}
