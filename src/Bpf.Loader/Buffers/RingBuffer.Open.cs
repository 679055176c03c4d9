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

        // The mapping keeps the map's file, and epoll keeps watching it: the map may be disposed before the ring buffer.
        RingMemory memory = RingMemory.Map(map);
        RecordWaiter? waiter = null;
        try
        {
            waiter = EpollWaiter.For(map.Handle, EpollEvents.In);
            return (map.Flags & BpfMapFlags.RingBufOverwrite) != 0
                ? new RingBuffer(map.Name, memory.Area, new RingSnapshot(memory.Area, memory.OverwritePosition, memory), waiter) { _source = map }
                : new RingBuffer(map.Name, memory.Area, memory, waiter) { _source = map };
        }
        catch
        {
            waiter?.Dispose();
            memory.Dispose();
            throw;
        }
    }
}
