using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Runtime.Versioning;
using Bpf.Loader.Kernel.Probes;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>Finds what the kernel lacks for a map that it refuses, or what of the map it does not take, by asking it for the smallest map of the type.</summary>
[SupportedOSPlatform("linux")]
internal static class MapAbilities
{
    private const uint LargestAsked = 1 << 20; // a question must not take more memory than the answer is worth

    // These come with a descriptor or a place that the smallest map has not.
    private const BpfMapFlags NotAsked = BpfMapFlags.VtypeBtfObjFd | BpfMapFlags.TokenFd | BpfMapFlags.PathFd | BpfMapFlags.NumaNode;

    /// <summary>What is lacking; null when all that can be asked for is there, or the process may not ask.</summary>
    public static KernelLack? FindLack(in MapQuestion map, Errno errno)
    {
        if (errno is not (Errno.EINVAL or Errno.E2BIG or Errno.EOPNOTSUPP or Errno.ENOTSUPP) || map.Type == BpfMapType.Unspecified) return null;
        if (MapTypeProbe.Ask(map.Type, out _) is FeatureSupport.Denied or FeatureSupport.Unanswered) return null;
        if (!IsKnown(map.Type)) return OfType(map.Type);
        foreach (BpfMapFlags flag in Asked(map.Flags))
        {
            if (MapTypeProbe.Refuses(map.Type, new MapChange(flag)) && FirstKernels.Of(flag) is string since && !FirstKernels.IsReached(since))
                return new KernelLack($"the map flag {flag}", since) { Instead = OlderWays.Of(flag) };
        }

        return map.Extra != 0 && errno == Errno.E2BIG && !FirstKernels.IsReached("5.16") ? new KernelLack("map_extra", "5.16") : null;
    }

    /// <summary>What of the map the kernel does not take, a sentence; null when nothing was found.</summary>
    public static string? FindFault(in MapQuestion map)
    {
        if (MapRules.FindBroken(map) is string broken) return broken;
        foreach (BpfMapFlags flag in Asked(map.Flags))
        {
            if (MapTypeProbe.Refuses(map.Type, new MapChange(flag))) return $"Maps of type {map.Type} do not take the flag {flag} on this kernel.";
        }

        if (map.Extra != 0 && MapTypeProbe.Refuses(map.Type, new MapChange(0, Extra: map.Extra)))
            return $"Maps of type {map.Type} do not take {map.Extra.ToString(CultureInfo.InvariantCulture)} as map_extra; it is the number of hash functions of a Bloom filter (up to 15), or the address of an arena.";
        if (map.KeySize is > 0 and <= LargestAsked && MapTypeProbe.Refuses(map.Type, new MapChange(0, KeySize: map.KeySize))) return $"Maps of type {map.Type} do not take keys of {map.KeySize} bytes on this kernel.";
        return map.ValueSize is > 0 and <= LargestAsked && MapTypeProbe.Refuses(map.Type, new MapChange(0, ValueSize: map.ValueSize))
            ? $"Maps of type {map.Type} do not take values of {map.ValueSize} bytes on this kernel." : null;
    }

    /// <summary>A type of maps that this kernel lacks.</summary>
    public static KernelLack OfType(BpfMapType type) => new($"the map type {type}", FirstKernels.Of(type))
    {
        Option = KernelOptions.Of(type),
        Known = KernelEnum.DescribeLast(KernelEnum.MapTypes) is string last ? $"This kernel's map types end with {last}." : null,
        Instead = OlderWays.Of(type),
    };

    // Where a probe fails for the shape of its map, as for a type that this library does not name, the kernel's own list decides.
    private static bool IsKnown(BpfMapType type) => !MapTypeProbe.Refuses(type, default) || (FirstKernels.Of(type) is null && KernelEnum.Has(KernelEnum.MapTypes, (long)type) is true);

    private static IEnumerable<BpfMapFlags> Asked(BpfMapFlags flags)
    {
        flags &= ~NotAsked;
        return Enumerable.Range(0, BitOperations.PopCount(uint.MaxValue)).Select(static bit => (BpfMapFlags)(1u << bit)).Where(flag => (flags & flag) != 0);
    }
}
