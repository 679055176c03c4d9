using System;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Packets of XDP.</summary>
internal static class XdpHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_xdp_adjust_head"] = static call => (ulong)call.ContextOf<XdpContext>().AdjustHead((int)call[2]);
        helpers["bpf_xdp_adjust_meta"] = static call => (ulong)call.ContextOf<XdpContext>().AdjustMeta((int)call[2]);
        helpers["bpf_xdp_adjust_tail"] = static call => (ulong)call.ContextOf<XdpContext>().AdjustTail((int)call[2]);
        helpers["bpf_xdp_get_buff_len"] = static call => (ulong)((IPacketContext)call.ContextOf<XdpContext>()).Packet.Length;
        helpers["bpf_xdp_load_bytes"] = static call =>
        {
            if (!TryFind(call, out Span<byte> bytes)) return unchecked((ulong)Error.Invalid);
            bytes.CopyTo(call.Write(3, bytes.Length));
            return 0;
        };
        helpers["bpf_xdp_store_bytes"] = static call =>
        {
            if (!TryFind(call, out Span<byte> bytes)) return unchecked((ulong)Error.Invalid);
            call.Read(3, bytes.Length).CopyTo(bytes);
            return 0;
        };
    }

    // bpf_xdp_pointer of net/core/filter.c.
    private static bool TryFind(BpfCall call, out Span<byte> bytes)
    {
        bytes = default;
        uint offset = (uint)call[2], length = (uint)call[4];
        Span<byte> packet = ((IPacketContext)call.ContextOf<XdpContext>()).Packet.Bytes;
        if (offset > 0xffff || length > 0xffff || offset + length > packet.Length) return false;
        bytes = packet.Slice((int)offset, (int)length);
        return true;
    }
}
