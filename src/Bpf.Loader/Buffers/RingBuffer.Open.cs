using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

public sealed partial class RingBuffer
{
    /// <summary>Maps a ring, and makes it ready to be waited for.</summary>
    internal static unsafe RingBuffer Open(BpfMap map)
    {
        if (map.Type != BpfMapType.RingBuf)
            throw new InvalidOperationException($"Map '{map.Name}' is of type {map.Type}, not {BpfMapType.RingBuf}.");

        RingMemory memory = RingMemory.Map(map);
        IDisposable owner = memory;
        try
        {
            if ((map.Flags & BpfMapFlags.RingBufOverwrite) != 0)
                owner = new RingSnapshot(memory.Area, memory.OverwritePosition, memory);
            // The mapping keeps the map's file, and epoll keeps watching it: the map may be disposed before the ring buffer.
            return new RingBuffer(map.Name, memory.Area, owner, EpollWaiter.For(map.Handle, EpollEvents.In));
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
