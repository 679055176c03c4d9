using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions of dynamic pointers (Linux 6.4).</summary>
internal static class DynamicPointerFunctions
{
    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_dynptr_from_xdp"] = FromPacket;
        functions["bpf_dynptr_from_skb"] = FromPacket;
        functions["bpf_dynptr_slice"] = static call => Slice(call, isWritable: false);
        functions["bpf_dynptr_slice_rdwr"] = static call => Slice(call, isWritable: true);
        functions["bpf_dynptr_size"] = static call => DynamicPointer.Read(call.Read(1, DynamicPointer.Size)).Length;
        functions["bpf_dynptr_adjust"] = static call => (ulong)Adjust(call);
        functions["bpf_dynptr_is_rdonly"] = static call => DynamicPointer.Read(call.Read(1, DynamicPointer.Size)) is { Address: not 0, IsReadOnly: true } ? 1u : 0u;
        functions["bpf_dynptr_clone"] = static call =>
        {
            DynamicPointer from = DynamicPointer.Read(call.Read(1, DynamicPointer.Size));
            from.Write(call.Write(2, DynamicPointer.Size));
            return from.Address == 0 ? unchecked((ulong)Error.Invalid) : 0;
        };
        functions["bpf_dynptr_is_null"] = static call => DynamicPointer.Read(call.Read(1, DynamicPointer.Size)).Address == 0 ? 1u : 0u;
    }

    private static ulong FromPacket(BpfCall call)
    {
        PacketMemory packet = call.ContextOf<IPacketContext>().Packet;
        new DynamicPointer(packet.Data, (uint)packet.Length, isReadOnly: !packet.IsWritable, isPacket: true).Write(call.Write(3, DynamicPointer.Size));
        return 0;
    }

    // bpf_dynptr_adjust (Linux 6.5): from where to where, as seen from where it begins.
    private static long Adjust(BpfCall call)
    {
        DynamicPointer pointer = DynamicPointer.Read(call.Read(1, DynamicPointer.Size));
        uint start = (uint)call[2], end = (uint)call[3];
        if (pointer.Address == 0 || start > end) return Error.Invalid;
        if (start > pointer.Length || end > pointer.Length) return Error.OutOfRange;
        pointer.Within(start, end - start).Write(call.Write(1, DynamicPointer.Size));
        return 0;
    }

    // bpf_dynptr_slice of kernel/bpf/helpers.c: a pointer into the data where it is in one piece, as it always is here.
    private static ulong Slice(BpfCall call, bool isWritable)
    {
        DynamicPointer pointer = DynamicPointer.Read(call.Read(1, DynamicPointer.Size));
        uint offset = (uint)call[2], size = (uint)call[4];
        if (pointer.Address == 0 || (isWritable && pointer.IsReadOnly) || !DynamicPointerHelpers.Fits(pointer, offset, size)) return 0;
        return pointer.IsPacket ? call.ContextOf<IPacketContext>().Packet.Data + pointer.Offset + offset : pointer.Address + offset;
    }
}
