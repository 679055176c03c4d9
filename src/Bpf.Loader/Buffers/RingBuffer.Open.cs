using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

public sealed partial class RingBuffer
{
    /// <summary>Maps a ring, and makes it ready to be waited for.</summary>
    internal static RingBuffer Open(BpfMap map)
    {
        if (map.Type != BpfMapType.RingBuf)
            throw new InvalidOperationException($"Map '{map.Name}' is of type {map.Type}, not {BpfMapType.RingBuf}.");
        // The reader of such a ring has to follow a third position, and to check after the fact what was overwritten (6.19).
        if ((map.Flags & BpfMapFlags.RingBufOverwrite) != 0)
            throw new NotSupportedException($"Ring buffer '{map.Name}' overwrites its oldest records, which cannot be read in place.");

        RingMemory memory = RingMemory.Map(map);
        try
        {
            // The mapping keeps the map's file, and epoll keeps watching it: the map may be disposed before the ring buffer.
            return new RingBuffer(map.Name, memory.Area, memory, EpollWaiter.For(map.Handle, EpollEvents.In));
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }
}
