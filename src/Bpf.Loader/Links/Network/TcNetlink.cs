using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Queries;

namespace Bpf.Loader.Links.Network;

/// <summary>The clsact qdisc of a network device (4.5), and BPF filters in it (4.1).</summary>
[SupportedOSPlatform("linux")]
internal static class TcNetlink
{
    private const ushort NewQdisc = 36, DeleteQdisc = 37, GetQdisc = 38, NewFilter = 44, DeleteFilter = 45, GetFilter = 46;
    private const ushort Kind = 1, Options = 2; // TCA_KIND, TCA_OPTIONS
    private const ushort BpfFd = 6, BpfName = 7, BpfFlags = 8, BpfId = 11; // TCA_BPF_*
    private const uint DirectAction = 1; // TCA_BPF_FLAG_ACT_DIRECT
    private const uint ClsactParent = 0xfffffff1, ClsactHandle = 0xffff0000;
    private const uint IngressParent = 0xfffffff2, EgressParent = 0xfffffff3;
    private const ushort AllProtocols = 3; // ETH_P_ALL

    private static readonly int HeaderSize = Unsafe.SizeOf<TrafficHeader>();

    /// <summary>Tells whether the device has a qdisc in that place, which may also be the older <c>ingress</c>.</summary>
    public static Errno HasQdisc(NetlinkSocket socket, int interfaceIndex, out bool isThere)
    {
        bool any = false;
        TrafficHeader header = Clsact(interfaceIndex);
        header.Handle = 0;
        Errno errno = socket.Ask(new NetlinkMessage(GetQdisc, NetlinkFlags.None).Header(header), (type, _) => any |= type == NewQdisc, out _);
        isThere = any;
        return errno == Errno.ENOENT ? Errno.None : errno;
    }

    /// <summary>Makes the qdisc; EEXIST when it is there.</summary>
    public static Errno CreateClsact(NetlinkSocket socket, int interfaceIndex, out string? reason) => socket.Ask(
        new NetlinkMessage(NewQdisc, NetlinkFlags.Create | NetlinkFlags.Exclusive).Header(Clsact(interfaceIndex)).Attribute(Kind, "clsact"), null, out reason);

    /// <summary>Removes the qdisc with all its filters.</summary>
    public static Errno DeleteClsact(NetlinkSocket socket, int interfaceIndex) => socket.Ask(
        new NetlinkMessage(DeleteQdisc, NetlinkFlags.None).Header(Clsact(interfaceIndex)).Attribute(Kind, "clsact"), null, out _);

    /// <summary>Adds a filter whose program says itself what becomes of the packet.</summary>
    /// <param name="socket">A socket of the device's namespace.</param>
    /// <param name="filter">Where; handle and priority 0 are chosen by the kernel.</param>
    /// <param name="program">The program.</param>
    /// <param name="name">What the filter is called.</param>
    /// <param name="replace">Whether a filter with that handle and priority may be there.</param>
    /// <param name="made">The filter with handle and priority, and the program's number.</param>
    /// <param name="reason">What the kernel says of a refusal.</param>
    public static Errno AddFilter(
        NetlinkSocket socket, in TcFilterPlace filter, FileDescriptorHandle program, string name, bool replace, out TcFilterPlace made, out string? reason)
    {
        using HandleUse use = program.Use();
        uint fd = use.Unsigned;
        TcFilterPlace place = filter, answer = filter;
        NetlinkMessage message = new NetlinkMessage(
            NewFilter, NetlinkFlags.Create | NetlinkFlags.Echo | (replace ? NetlinkFlags.Replace : NetlinkFlags.Exclusive))
            .Header(Header(filter)).Attribute(Kind, "bpf")
            .Nested(Options, options => options.Attribute(BpfFd, fd).Attribute(BpfName, name).Attribute(BpfFlags, DirectAction));
        Errno errno = socket.Ask(message, (type, payload) =>
        {
            if (type == NewFilter && TryRead(payload, place, out TcFilterPlace read)) answer = read;
        }, out reason);
        made = answer;
        return errno;
    }

    /// <summary>Removes a filter; it needs handle and priority.</summary>
    public static Errno DeleteFilterAt(NetlinkSocket socket, in TcFilterPlace filter, out string? reason) => socket.Ask(
        new NetlinkMessage(DeleteFilter, NetlinkFlags.None).Header(Header(filter)).Attribute(Kind, "bpf"), null, out reason);

    /// <summary>Reads a filter; ENOENT when it is not there.</summary>
    public static Errno Query(NetlinkSocket socket, in TcFilterPlace filter, out TcFilterPlace found)
    {
        TcFilterPlace place = filter, answer = default;
        Errno errno = socket.Ask(
            new NetlinkMessage(GetFilter, NetlinkFlags.None).Header(Header(filter)).Attribute(Kind, "bpf"),
            (type, payload) =>
            {
                if (type == NewFilter && TryRead(payload, place, out TcFilterPlace read)) answer = read;
            },
            out _);
        found = answer;
        return errno;
    }

    /// <summary>True when the qdisc has a filter of any kind, in either direction; what cannot be told is taken for yes.</summary>
    public static bool HasFilters(NetlinkSocket socket, int interfaceIndex)
    {
        bool any = false;
        foreach (TrafficDirection direction in (ReadOnlySpan<TrafficDirection>)[TrafficDirection.Ingress, TrafficDirection.Egress])
        {
            TrafficHeader header = Header(new TcFilterPlace(interfaceIndex, direction, 0, 0, 0));
            header.Info = 0;
            // Nobody's filter is to be lost. What the kernel lacked a moment ago to answer with it may have now.
            if (Ask(header) != Errno.None && !any && Ask(header) != Errno.None) any = true;
        }

        return any;

        Errno Ask(TrafficHeader header) => socket.Ask(new NetlinkMessage(GetFilter, NetlinkFlags.Dump).Header(header), (_, _) => any = true, out _);
    }

    /// <summary>Lists the BPF filters of the qdisc, in one direction.</summary>
    public static Errno List(NetlinkSocket socket, int interfaceIndex, TrafficDirection direction, out List<TcFilter> filters)
    {
        TcFilterPlace place = new(interfaceIndex, direction, 0, 0, 0);
        TrafficHeader header = Header(place);
        header.Info = 0;
        var found = new List<TcFilter>();
        filters = found;
        return socket.Ask(
            new NetlinkMessage(GetFilter, NetlinkFlags.Dump).Header(header),
            (type, payload) =>
            {
                if (type == NewFilter && ReadFilter(payload, place) is TcFilter filter) found.Add(filter);
            },
            out _);
    }

    /// <summary>Reads what the kernel says of a filter; null when it is none of BPF, or only the list that filters of a priority are in.</summary>
    internal static TcFilter? ReadFilter(ReadOnlySpan<byte> payload, in TcFilterPlace place)
    {
        if (!TryRead(payload, place, out TcFilterPlace read) || read.Handle == 0) return null;
        ReadOnlySpan<byte> attributes = payload[HeaderSize..];
        if (!NetlinkAttribute.TryFind(attributes, Kind, out NetlinkAttribute kind) || kind.Text != "bpf") return null;
        if (!NetlinkAttribute.TryFind(attributes, Options, out NetlinkAttribute options)) return null;
        string name = NetlinkAttribute.TryFind(options.Value, BpfName, out NetlinkAttribute text) ? text.Text : "";
        bool isDirect = NetlinkAttribute.TryFind(options.Value, BpfFlags, out NetlinkAttribute flags) && (flags.UInt32 & DirectAction) != 0;
        return new TcFilter(place.InterfaceIndex, place.Direction, read.Priority, read.Handle, read.ProgramId, name, isDirect);
    }

    /// <summary>Reads where the kernel says that a filter is.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, in TcFilterPlace place, out TcFilterPlace filter)
    {
        filter = place;
        if (payload.Length < HeaderSize) return false;
        TrafficHeader header = MemoryMarshal.Read<TrafficHeader>(payload);
        uint id = NetlinkAttribute.TryFind(payload[HeaderSize..], Options, out NetlinkAttribute options)
            && NetlinkAttribute.TryFind(options.Value, BpfId, out NetlinkAttribute programId) ? programId.UInt32 : 0;
        filter = place with { Handle = header.Handle, Priority = (ushort)(header.Info >> 16), ProgramId = id };
        return true;
    }

    private static TrafficHeader Clsact(int interfaceIndex) => new() { Index = interfaceIndex, Handle = ClsactHandle, Parent = ClsactParent };

    private static TrafficHeader Header(in TcFilterPlace filter) => new()
    {
        Index = filter.InterfaceIndex,
        Handle = filter.Handle,
        Parent = filter.Direction == TrafficDirection.Ingress ? IngressParent : EgressParent,
        // The protocol is in network byte order.
        Info = ((uint)filter.Priority << 16) | (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(AllProtocols) : AllProtocols),
    };

    // struct tcmsg
    [StructLayout(LayoutKind.Sequential)]
    private struct TrafficHeader
    {
        public uint Family;
        public int Index;
        public uint Handle;
        public uint Parent;
        public uint Info;
    }
}
