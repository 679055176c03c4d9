using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Classic;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The functions that the kernel keeps for extensions of classic BPF: they get the context, A and X.</summary>
internal static class ClassicFunctions
{
    private const int AttributeHeader = 4; // struct nlattr

    public static BpfHelperBody Of(ClassicExtension extension) => extension switch
    {
        ClassicExtension.HardwareType => static _ => 1, // ARPHRD_ETHER: the machine's packets are of Ethernet
        ClassicExtension.PayloadOffset => static call => (ulong)PayloadOffset.Of(ContextOf(call)),
        ClassicExtension.NetlinkAttribute => static call => FindAttribute(call, isNested: false),
        ClassicExtension.NestedNetlinkAttribute => static call => FindAttribute(call, isNested: true),
        _ => throw new ArgumentOutOfRangeException(nameof(extension), extension, "The extension needs no function."),
    };

    private static SkBuffContext ContextOf(BpfCall call) => (SkBuffContext)call.Machine.Executor.Context!;

    // bpf_skb_get_nlattr and bpf_skb_get_nlattr_nest of net/core/filter.c.
    private static ulong FindAttribute(BpfCall call, bool isNested)
    {
        ReadOnlySpan<byte> packet = ContextOf(call).Seen;
        uint from = (uint)call[2], type = (uint)call[3];
        if (packet.Length < AttributeHeader || from > packet.Length - AttributeHeader) return 0;
        int at = (int)from, end = packet.Length;
        if (isNested)
        {
            int length = MemoryMarshal.Read<ushort>(packet[at..]);
            if (length > packet.Length - at) return 0;
            (at, end) = (at + AttributeHeader, at + length);
        }

        while (end - at >= AttributeHeader)
        {
            int length = MemoryMarshal.Read<ushort>(packet[at..]);
            if (length < AttributeHeader || length > end - at) return 0;
            // NLA_TYPE_MASK: the two highest bits are flags.
            if ((MemoryMarshal.Read<ushort>(packet[(at + 2)..]) & 0x3fff) == type) return (ulong)at;
            at += (length + 3) & ~3;
        }

        return 0;
    }
}
