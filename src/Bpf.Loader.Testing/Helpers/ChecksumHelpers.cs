using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Packets;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Checksums of the Internet.</summary>
internal static class ChecksumHelpers
{
    // BPF_F_HDR_FIELD_MASK, BPF_F_PSEUDO_HDR, BPF_F_MARK_MANGLED_0, BPF_F_MARK_ENFORCE.
    private const ulong FieldMask = 0xf, PseudoHeader = 1 << 4, MarkMangled = 1 << 5, MarkEnforce = 1 << 6;

    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_csum_diff"] = static call => (ulong)Difference(call);
        helpers["bpf_l3_csum_replace"] = static call => (ulong)Replace(call, call[5] & ~FieldMask, isTransport: false);
        helpers["bpf_l4_csum_replace"] = static call => (ulong)Replace(call, call[5] & ~(FieldMask | PseudoHeader | MarkMangled | MarkEnforce), isTransport: true);
        helpers["bpf_csum_update"] = static _ => unchecked((ulong)Error.NotSupported);
        helpers["bpf_csum_level"] = static call => call[2] switch { 0 or 1 or 2 => 0, 3 => unchecked((ulong)Error.AccessDenied), _ => unchecked((ulong)Error.Invalid) };
    }

    /// <summary>Computes the checksum of an IPv4 header.</summary>
    public static void SetIPv4Checksum(Span<byte> header)
    {
        int length = (header[0] & 0xf) * 4;
        header[10] = header[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(header[..length]));
    }

    // bpf_csum_diff of net/core/filter.c: sums over words of 4 bytes, the old ones inverted, folded to 32 bits.
    private static long Difference(BpfCall call)
    {
        uint fromSize = (uint)call[2], toSize = (uint)call[4];
        if (fromSize % 4 != 0 || toSize % 4 != 0 || fromSize + toSize > 512) return Error.Invalid;
        ulong sum = (uint)call[5];
        foreach (uint word in MemoryMarshal.Cast<byte, uint>(call.Read(1, (int)fromSize))) sum += ~word;
        foreach (uint word in MemoryMarshal.Cast<byte, uint>(call.Read(3, (int)toSize))) sum += word;
        return Fold32(sum);
    }

    private static long Replace(BpfCall call, ulong unknownFlags, bool isTransport)
    {
        SkBuffContext skb = call.ContextOf<SkBuffContext>();
        Span<byte> packet = ((IPacketContext)skb).Packet.Bytes;
        uint offset = (uint)call[2];
        if (unknownFlags != 0 || offset > 0xffff || offset % 2 != 0) return unknownFlags != 0 ? Error.Invalid : Error.Fault;
        if (offset + 2 > packet.Length) return Error.Fault;
        Span<byte> field = packet.Slice((int)offset, 2);
        ushort before = MemoryMarshal.Read<ushort>(field);
        if (isTransport && (call[5] & MarkMangled) != 0 && (call[5] & MarkEnforce) == 0 && before == 0) return 0;
        uint from = (uint)call[3], to = (uint)call[4];
        ulong sum = (ushort)~before;
        switch (call[5] & FieldMask)
        {
            case 0 when from == 0:
                sum += to;
                break;
            case 2:
                sum += (ushort)~from;
                sum += (ushort)to;
                break;
            case 4:
                sum += ~from;
                sum += to;
                break;
            default:
                return Error.Invalid;
        }

        ushort result = (ushort)~Fold16(sum);
        if (isTransport && (call[5] & MarkMangled) != 0 && result == 0) result = 0xffff;
        MemoryMarshal.Write(field, in result);
        return 0;
    }

    private static uint Fold32(ulong sum)
    {
        while (sum >> 32 != 0) sum = (uint)sum + (sum >> 32);
        return (uint)sum;
    }

    private static ushort Fold16(ulong sum)
    {
        while (sum >> 16 != 0) sum = (ushort)sum + (sum >> 16);
        return (ushort)sum;
    }
}
