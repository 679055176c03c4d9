using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Ring buffers, those that the kernel writes and those that user space does.</summary>
internal static class RingBufferHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_ringbuf_reserve"] = static call => call[3] != 0 ? 0 : call.Map<RingBufferMap>(1).Reserve(call[2]);
        helpers["bpf_ringbuf_submit"] = static call => Commit(call, isDiscarded: false);
        helpers["bpf_ringbuf_discard"] = static call => Commit(call, isDiscarded: true);
        helpers["bpf_ringbuf_output"] = static call =>
        {
            // BPF_RB_NO_WAKEUP and BPF_RB_FORCE_WAKEUP.
            if ((call[4] & ~3ul) != 0) return unchecked((ulong)Error.Invalid);
            return (ulong)call.Map<RingBufferMap>(1).Output(call.Read(2, (int)call[3]));
        };
        helpers["bpf_ringbuf_query"] = static call =>
        {
            RingBufferMap map = call.Map<RingBufferMap>(1);
            return call[2] switch { 0ul => map.Used, 1 => map.MaxEntries, 2 => map.Consumer, 3 => map.Producer, _ => 0ul };
        };
        helpers["bpf_user_ringbuf_drain"] = static call => (ulong)Drain(call);
    }

    private static ulong Commit(BpfCall call, bool isDiscarded) => RingBufferMap.TryCommit(call.Memory, call[1], isDiscarded)
        ? 0ul
        : throw call.Refuse("the record was not reserved, or was submitted or discarded before");

    // bpf_user_ringbuf_drain: each record as a dynamic pointer, until the callback says 1.
    private static long Drain(BpfCall call)
    {
        UserRingBufferMap map = call.Map<UserRingBufferMap>(1);
        long count = 0;
        while (map.TryTake(out byte[] record))
        {
            byte[] data = MachineMemory.Allocate(record.Length);
            record.CopyTo(data, 0);
            uint region = call.Memory.Add(RegionKind.MapValue, data, 0, data.Length, isWritable: false, map);
            byte[] handle = MachineMemory.Allocate(DynamicPointer.Size);
            new DynamicPointer(call.Memory.AddressOf(region), (uint)data.Length, isReadOnly: true).Write(handle);
            uint pointer = call.Memory.Add(RegionKind.Record, handle, 0, handle.Length, isWritable: false, map);
            count++;
            ulong result = call.CallBack(2, call.Memory.AddressOf(pointer), call[3]);
            call.Memory.Free(pointer);
            call.Memory.Free(region);
            if ((uint)result != 0) break;
        }

        return count;
    }
}
