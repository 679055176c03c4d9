using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>Says what a refused element command means and what to do about it.</summary>
[SupportedOSPlatform("linux")]
internal static class MapRefusal
{
    /// <summary>Throws for a command that the kernel refused.</summary>
    [DoesNotReturn]
    public static void Throw(BpfMap map, BpfCommand command, Errno errno)
    {
        throw Refusal.Of(command, errno, Describe(map), Hint(map, command, errno));
    }

    /// <summary>The map as messages name it.</summary>
    public static string Describe(BpfMap map) => $"map '{map.Name}'";

    private static string? Hint(BpfMap map, BpfCommand command, Errno errno) => (command, errno) switch
    {
        (BpfCommand.MapUpdateElement or BpfCommand.MapUpdateBatch, Errno.E2BIG) when map.Type is BpfMapType.Array or BpfMapType.PerCpuArray =>
            $"The index is not below {map.MaxEntries}, the map's max_entries.",
        (BpfCommand.MapUpdateElement or BpfCommand.MapUpdateBatch, Errno.E2BIG or Errno.ENOSPC) =>
            $"The map is full: its max_entries is {map.MaxEntries}.",
        (BpfCommand.MapUpdateElement or BpfCommand.MapDeleteElement or BpfCommand.MapUpdateBatch or BpfCommand.MapDeleteBatch, Errno.EPERM) =>
            "The map is frozen, its flags forbid writing, or it was opened read-only.",
        (BpfCommand.MapFreeze, Errno.EPERM) => "It is frozen already, or was opened read-only.",
        (_, Errno.EPERM) => "The map's flags forbid reading, or it was opened write-only.",
        (BpfCommand.MapDeleteElement, Errno.EINVAL) when map.Type is BpfMapType.Array or BpfMapType.PerCpuArray =>
            "The entries of an array cannot be removed.",
        // ENOTSUPP is the kernel's own; it comes from the kinds of map that lack an operation.
        (_, Errno.ENOTSUPP or Errno.EOPNOTSUPP) => $"A map of type {map.Type} has no such operation on this kernel.",
        // Of a map that is frozen already, kernels say EPERM now and EBUSY up to 6.1 at least.
        (BpfCommand.MapFreeze, Errno.EBUSY) => "It is mapped for writing, or frozen already.",
        (_, Errno.EBUSY) => "The kernel would have had to wait for a lock; try again.",
        _ => null,
    };
}
