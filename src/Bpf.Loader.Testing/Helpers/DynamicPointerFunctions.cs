using Bpf.Loader.Testing.Contexts;

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
        functions["bpf_dynptr_is_null"] = static call => DynamicPointer.Read(call.Read(1, DynamicPointer.Size)).Address == 0 ? 1u : 0u;
    }

    private static ulong FromPacket(BpfCall call)
    {
        PacketMemory packet = call.ContextOf<IPacketContext>().Packet;
        new DynamicPointer(packet.Data, (uint)packet.Length, isReadOnly: false, isPacket: true).Write(call.Write(3, DynamicPointer.Size));
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
