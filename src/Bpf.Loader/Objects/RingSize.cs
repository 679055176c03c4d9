using System;

namespace Bpf.Loader.Objects;

/// <summary>The sizes that the kernel takes for ring buffers: powers of two of whole pages.</summary>
internal static class RingSize
{
    /// <summary>The next such size; 0 and what is too large for 32 bits stay as they are.</summary>
    public static uint Round(uint size)
    {
        uint page = (uint)Environment.SystemPageSize;
        if (size == 0) return 0;
        for (ulong pages = 1; pages * page <= uint.MaxValue; pages *= 2)
        {
            if (pages * page >= size) return (uint)(pages * page);
        }

        return size;
    }
}
