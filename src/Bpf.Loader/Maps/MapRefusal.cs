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

    // The access mode of a descriptor, as open(2) has it; its flags are octal, and are read as if they were decimal.
    private const int ReadOnly = 0, WriteOnly = 1;

    private static string WhyNotWritten(BpfMap map)
    {
        if (IsFrozen(map)) return "The map is frozen (BPF_MAP_FREEZE): user space can only read it, for ever; programs still write it unless its flags forbid that.";
        return Access(map) == ReadOnly
            ? "This descriptor only reads: the map was opened read-only (BpfMapAccess.ReadOnly), or created with BPF_F_RDONLY. Open it again to write it."
            : "The map is not frozen and was not opened read-only; its flags, or the process's rights, forbid writing.";
    }

    private static bool IsFrozen(BpfMap map) => Info(map)?["frozen"] is not (null or 0);

    private static int? Access(BpfMap map) => Info(map)?["flags"] is ulong flags ? (int)(flags % 10) & 3 : null;

    private static DescriptorInfo? Info(BpfMap map)
    {
        using HandleUse use = map.Handle.Use();
        return DescriptorInfo.Read("self", use.Descriptor);
    }

    private static string? Hint(BpfMap map, BpfCommand command, Errno errno) => (command, errno) switch
    {
        (BpfCommand.MapUpdateElement or BpfCommand.MapUpdateBatch, Errno.E2BIG) when map.Type is BpfMapType.Array or BpfMapType.PerCpuArray =>
            $"The index is not below {map.MaxEntries}, the map's max_entries.",
        (BpfCommand.MapUpdateElement or BpfCommand.MapUpdateBatch, Errno.E2BIG or Errno.ENOSPC) =>
            $"The map is full: its max_entries is {map.MaxEntries}.",
        (BpfCommand.MapUpdateElement or BpfCommand.MapDeleteElement or BpfCommand.MapUpdateBatch or BpfCommand.MapDeleteBatch, Errno.EPERM) =>
            WhyNotWritten(map),
        (BpfCommand.MapFreeze, Errno.EPERM or Errno.EBUSY) when IsFrozen(map) => "It is frozen already.",
        (BpfCommand.MapFreeze, Errno.EPERM) => Access(map) == ReadOnly ? "It was opened read-only, and who may not write it may not freeze it." : "It was opened read-only, or the process may not freeze it.",
        (_, Errno.EPERM) => Access(map) == WriteOnly ? "It was opened write-only." : "The map's flags forbid reading, or it was opened write-only.",
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
