using System;
using System.Buffers.Binary;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Packets of the network stack.</summary>
internal static class SkBuffHelpers
{
    private const int EthernetHeader = 14, VlanHeader = 4, MaximumLength = 0xffff;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_skb_load_bytes"] = static call =>
        {
            Span<byte> target = call.Write(3, (int)(uint)call[4]);
            if (!TryFind(call, (uint)call[2], target.Length, out Span<byte> bytes))
            {
                target.Clear();
                return unchecked((ulong)Error.Fault);
            }

            bytes.CopyTo(target);
            return 0;
        };
        helpers["bpf_skb_load_bytes_relative"] = static call =>
        {
            Span<byte> target = call.Write(3, (int)(uint)call[4]);
            target.Clear();
            // BPF_HDR_START_MAC, BPF_HDR_START_NET.
            SkBuffContext skb = call.ContextOf<SkBuffContext>();
            long at = (long)(uint)call[2] + (call[5] == 1 ? EthernetHeader : 0);
            ReadOnlySpan<byte> packet = skb.Packet;
            if (call[5] > 1 || at + target.Length > packet.Length) return unchecked((ulong)Error.Fault);
            packet.Slice((int)at, target.Length).CopyTo(target);
            return 0;
        };
        helpers["bpf_skb_store_bytes"] = static call =>
        {
            ReadOnlySpan<byte> source = call.Read(3, (int)(uint)call[4]);
            // BPF_F_RECOMPUTE_CSUM, BPF_F_INVALIDATE_HASH.
            if (call[5] > 3 || (uint)call[2] > MaximumLength) return unchecked((ulong)(call[5] > 3 ? Error.Invalid : Error.Fault));
            if (!TryFind(call, (uint)call[2], source.Length, out Span<byte> bytes)) return unchecked((ulong)Error.Fault);
            source.CopyTo(bytes);
            return 0;
        };
        helpers["bpf_skb_pull_data"] = static call => (uint)call[2] > ((IPacketContext)call.ContextOf<SkBuffContext>()).Packet.Length ? unchecked((ulong)Error.NoMemory) : 0;
        helpers["bpf_skb_change_tail"] = static call => (ulong)ChangeTail(call);
        helpers["bpf_skb_change_head"] = static call => (ulong)ChangeHead(call);
        helpers["bpf_skb_vlan_push"] = static call => (ulong)PushVlan(call);
        helpers["bpf_skb_vlan_pop"] = static call => (ulong)PopVlan(call);
        helpers["bpf_skb_change_type"] = static call =>
        {
            if (call.ContextOf<SkBuffContext>()["pkt_type"] > 3 || call[2] > 3) return unchecked((ulong)Error.Invalid);
            call.ContextOf<SkBuffContext>()["pkt_type"] = call[2];
            return 0;
        };
        helpers["bpf_get_hash_recalc"] = static call => call.ContextOf<SkBuffContext>()["hash"];
        helpers["bpf_set_hash"] = static call =>
        {
            call.ContextOf<SkBuffContext>()["hash"] = (uint)call[2];
            return 0;
        };
        helpers["bpf_set_hash_invalid"] = static call =>
        {
            call.ContextOf<SkBuffContext>()["hash"] = 0;
            return 0;
        };
        helpers["bpf_get_route_realm"] = static _ => 0;
        helpers["bpf_skb_ecn_set_ce"] = static call => MarkCongestion(call.ContextOf<SkBuffContext>());
        helpers["bpf_skb_set_tstamp"] = static call =>
        {
            call.ContextOf<SkBuffContext>()["tstamp"] = call[2];
            return 0;
        };
    }

    private static bool TryFind(BpfCall call, uint offset, int length, out Span<byte> bytes)
    {
        bytes = default;
        Span<byte> packet = ((IPacketContext)call.ContextOf<SkBuffContext>()).Packet.Bytes;
        if (offset > int.MaxValue || offset + (long)length > packet.Length) return false;
        bytes = packet.Slice((int)offset, length);
        return true;
    }

    // bpf_skb_change_tail of net/core/filter.c: not shorter than the headers.
    private static long ChangeTail(BpfCall call)
    {
        SkBuffContext skb = call.ContextOf<SkBuffContext>();
        PacketMemory packet = ((IPacketContext)skb).Packet;
        uint length = (uint)call[2];
        if (call[3] != 0 || length > packet.Limit - packet.Start || length < EthernetHeader) return Error.Invalid;
        int end = packet.Start + (int)length;
        if (end > packet.End) packet.Raw(packet.End, end - packet.End).Clear();
        skb.Move(packet.Start, end);
        return 0;
    }

    private static long ChangeHead(BpfCall call)
    {
        SkBuffContext skb = call.ContextOf<SkBuffContext>();
        PacketMemory packet = ((IPacketContext)skb).Packet;
        uint room = (uint)call[2];
        if (call[3] != 0 || room > packet.Start) return Error.Invalid;
        packet.Raw(packet.Start - (int)room, (int)room).Clear();
        skb.Move(packet.Start - (int)room, packet.End);
        return 0;
    }

    // The tag beside the packet first, as drivers have it; a second one goes into the packet.
    private static long PushVlan(BpfCall call)
    {
        SkBuffContext skb = call.ContextOf<SkBuffContext>();
        if (skb.StartsAtNetworkHeader) throw call.Refuse("only programs of tc may call it");
        ushort protocol = BinaryPrimitives.ReverseEndianness((ushort)call[2]);
        if (protocol is not (0x8100 or 0x88a8)) protocol = 0x8100;
        if (skb["vlan_present"] != 0)
        {
            PacketMemory packet = ((IPacketContext)skb).Packet;
            if (packet.Start < VlanHeader) return Error.NoMemory;
            packet.Raw(packet.Start, 12).CopyTo(packet.Raw(packet.Start - VlanHeader, 12));
            skb.Move(packet.Start - VlanHeader, packet.End);
            ushort outer = BinaryPrimitives.ReverseEndianness((ushort)skb["vlan_proto"]);
            BinaryPrimitives.WriteUInt16BigEndian(packet.Bytes[12..], outer);
            BinaryPrimitives.WriteUInt16BigEndian(packet.Bytes[14..], (ushort)skb["vlan_tci"]);
            skb.Protocol = outer;
        }

        skb["vlan_present"] = 1;
        skb["vlan_tci"] = (ushort)call[3];
        skb["vlan_proto"] = BinaryPrimitives.ReverseEndianness(protocol);
        return 0;
    }

    private static long PopVlan(BpfCall call)
    {
        SkBuffContext skb = call.ContextOf<SkBuffContext>();
        if (skb["vlan_present"] != 0)
        {
            skb["vlan_present"] = skb["vlan_tci"] = skb["vlan_proto"] = 0;
            return 0;
        }

        PacketMemory packet = ((IPacketContext)skb).Packet;
        Span<byte> bytes = packet.Bytes;
        if (bytes.Length < EthernetHeader + VlanHeader || BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]) is not (0x8100 or 0x88a8)) return 0;
        packet.Raw(packet.Start, 12).ToArray().CopyTo(packet.Raw(packet.Start + VlanHeader, 12));
        skb.Move(packet.Start + VlanHeader, packet.End);
        skb.Protocol = BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes[12..]);
        return 0;
    }

    private static ulong MarkCongestion(SkBuffContext skb)
    {
        Span<byte> packet = ((IPacketContext)skb).Packet.Bytes[(skb.StartsAtNetworkHeader ? 0 : EthernetHeader)..];
        if (skb.Protocol == 0x0800 && packet.Length >= 20 && packet.Length >= (packet[0] & 0xf) * 4)
        {
            if ((packet[1] & 3) is 0 or 3) return (packet[1] & 3) == 3 ? 1u : 0u;
            packet[1] |= 3;
            ChecksumHelpers.SetIPv4Checksum(packet);
            return 1;
        }

        if (skb.Protocol != 0x86dd || packet.Length < 40) return 0;
        int bits = (packet[1] >> 4) & 3;
        if (bits == 0) return 0;
        packet[1] |= 0x30;
        return 1;
    }
}
