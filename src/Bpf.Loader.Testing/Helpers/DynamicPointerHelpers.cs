using System;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Dynamic pointers (Linux 5.19).</summary>
internal static class DynamicPointerHelpers
{
    // BPF_DYNPTR_TYPE sizes have 24 bits.
    private const ulong MaximumSize = (1 << 24) - 1;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_dynptr_from_mem"] = static call =>
        {
            if (call[2] > MaximumSize || call[3] != 0) return Refuse(call, 4, call[2] > MaximumSize ? Error.TooBig : Error.Invalid);
            _ = call.Write(1, (int)call[2]);
            new DynamicPointer(call[1], (uint)call[2], isReadOnly: false).Write(call.Write(4, DynamicPointer.Size));
            return 0;
        };
        helpers["bpf_dynptr_read"] = static call =>
        {
            DynamicPointer pointer = DynamicPointer.Read(call.Read(3, DynamicPointer.Size));
            if (call[5] != 0 || pointer.Address == 0) return unchecked((ulong)Error.Invalid);
            if (!Fits(pointer, call[4], call[2])) return unchecked((ulong)Error.TooBig);
            Span(call, pointer, (uint)call[4], (int)call[2]).CopyTo(call.Write(1, (int)call[2]));
            return 0;
        };
        helpers["bpf_dynptr_write"] = static call =>
        {
            DynamicPointer pointer = DynamicPointer.Read(call.Read(1, DynamicPointer.Size));
            if (pointer.Address == 0 || pointer.IsReadOnly || (call[5] != 0 && !pointer.IsPacket)) return unchecked((ulong)Error.Invalid);
            if (!Fits(pointer, call[2], call[4])) return unchecked((ulong)Error.TooBig);
            call.Read(3, (int)call[4]).CopyTo(Span(call, pointer, (uint)call[2], (int)call[4]));
            return 0;
        };
        helpers["bpf_dynptr_data"] = static call =>
        {
            DynamicPointer pointer = DynamicPointer.Read(call.Read(1, DynamicPointer.Size));
            return pointer.Address == 0 || pointer.IsReadOnly || pointer.IsPacket || !Fits(pointer, call[2], call[3]) ? 0 : pointer.Address + call[2];
        };
        helpers["bpf_ringbuf_reserve_dynptr"] = static call =>
        {
            if (call[3] != 0) return Refuse(call, 4, Error.Invalid);
            if (call[2] > MaximumSize) return Refuse(call, 4, Error.TooBig);
            ulong record = call.Map<RingBufferMap>(1).Reserve(call[2]);
            if (record == 0) return Refuse(call, 4, Error.Invalid);
            new DynamicPointer(record, (uint)call[2], isReadOnly: false).Write(call.Write(4, DynamicPointer.Size));
            return 0;
        };
        helpers["bpf_ringbuf_submit_dynptr"] = static call => Commit(call, isDiscarded: false);
        helpers["bpf_ringbuf_discard_dynptr"] = static call => Commit(call, isDiscarded: true);
    }

    /// <summary>The bytes that a dynamic pointer stands for.</summary>
    public static Span<byte> Span(BpfCall call, DynamicPointer pointer, uint offset, int size)
    {
        if (pointer.IsPacket) return call.ContextOf<IPacketContext>().Packet.Bytes.Slice((int)(pointer.Offset + offset), size);
        if (!pointer.IsReadOnly) return call.Executor.WriteSpan(pointer.Address + offset, size);
        // What may only be read is copied: nobody writes it back.
        return call.Executor.ReadSpan(pointer.Address + offset, size).ToArray();
    }

    /// <summary>True when a range lies in what a dynamic pointer stands for.</summary>
    public static bool Fits(DynamicPointer pointer, ulong offset, ulong size) => size <= pointer.Length && offset <= pointer.Length - size;

    private static ulong Commit(BpfCall call, bool isDiscarded)
    {
        DynamicPointer pointer = DynamicPointer.Read(call.Read(1, DynamicPointer.Size));
        if (pointer.Address == 0) return 0;
        if (!RingBufferMap.TryCommit(call.Memory, pointer.Address, isDiscarded)) throw call.Refuse("the record was not reserved, or was submitted or discarded before");
        call.Write(1, DynamicPointer.Size).Clear();
        return 0;
    }

    private static ulong Refuse(BpfCall call, int argument, long error)
    {
        call.Write(argument, DynamicPointer.Size).Clear();
        return unchecked((ulong)error);
    }
}
