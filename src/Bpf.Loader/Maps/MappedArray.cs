using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>Maps arrays into memory.</summary>
[SupportedOSPlatform("linux")]
internal static class MappedArray
{
    /// <summary>Maps the beginning of an array, for writing unless the kernel forbids it.</summary>
    /// <exception cref="InvalidOperationException">The map cannot be mapped.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static OverlaidMemory Map(BpfMap map, int length, out bool isReadOnly)
    {
        if (map.Type != BpfMapType.Array || (map.Flags & BpfMapFlags.Mmapable) == 0)
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} ({map.Type}, {map.Flags}) is not an array with {BpfMapFlags.Mmapable}.");

        isReadOnly = false;
        OverlaidMemory? memory = OverlaidMemory.Map(map.Handle, length, writable: true, out Errno errno);
        // bpf_map_mmap() refuses to map a frozen map, or one that programs may only read, or a read-only descriptor, for writing.
        if (memory is null && errno is Errno.EPERM or Errno.EACCES)
        {
            isReadOnly = true;
            memory = OverlaidMemory.Map(map.Handle, length, writable: false, out errno);
        }

        return memory ?? throw new BpfException("mmap", errno, MapRefusal.Describe(map), null);
    }
}
