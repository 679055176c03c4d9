using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Network;

/// <summary>
/// Routes that run a program: <c>RTA_ENCAP</c> of type <c>LWTUNNEL_ENCAP_BPF</c> (4.10), and of type <c>LWTUNNEL_ENCAP_SEG6_LOCAL</c>
/// with the action <c>End.BPF</c> (4.18).
/// </summary>
[SupportedOSPlatform("linux")]
internal static class RouteNetlink
{
    private const ushort NewRoute = 24, DeleteRoute = 25;
    private const ushort Destination = 1, OutputInterface = 4, Gateway = 5, Priority = 6, Table = 15, EncapsulationType = 21, Encapsulation = 22; // RTA_*
    private const ushort ProgramFd = 1, ProgramName = 2; // LWT_BPF_PROG_* and SEG6_LOCAL_BPF_PROG_*
    private const ushort BpfEncapsulation = 6, SegmentEncapsulation = 7; // LWTUNNEL_ENCAP_BPF, LWTUNNEL_ENCAP_SEG6_LOCAL
    private const ushort SegmentAction = 1, SegmentProgram = 8; // SEG6_LOCAL_ACTION, SEG6_LOCAL_BPF
    private const uint EndBpf = 15; // SEG6_LOCAL_ACTION_END_BPF
    private const byte Static = 4, Unicast = 1, Universe = 0, Link = 253; // RTPROT_STATIC, RTN_UNICAST, RT_SCOPE_*

    /// <summary>Adds a route; EEXIST when it is there.</summary>
    /// <param name="socket">A socket of the device's namespace.</param>
    /// <param name="route">The route.</param>
    /// <param name="program">The program.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="place">LWT_BPF_IN, OUT or XMIT; null for a segment of IPv6 routes.</param>
    /// <param name="reason">What the kernel says of a refusal.</param>
    public static Errno Add(NetlinkSocket socket, RoutePlace route, FileDescriptorHandle program, string name, ushort? place, out string? reason)
    {
        using HandleUse use = program.Use();
        NetlinkMessage message = Describe(new NetlinkMessage(NewRoute, NetlinkFlags.Create | NetlinkFlags.Exclusive), route);
        return socket.Ask(Encapsulate(message, use.Unsigned, name, place), null, out reason);
    }

    /// <summary>Removes a route; ESRCH when it is gone. The kernel compares, of routes of IPv4, also that they run a program of that name.</summary>
    /// <inheritdoc cref="Add"/>
    public static Errno Remove(NetlinkSocket socket, RoutePlace route, FileDescriptorHandle program, string name, ushort? place, out string? reason)
    {
        using HandleUse use = program.Use();
        NetlinkMessage message = Describe(new NetlinkMessage(DeleteRoute, NetlinkFlags.None), route);
        return socket.Ask(Encapsulate(message, use.Unsigned, name, place), null, out reason);
    }

    private static NetlinkMessage Encapsulate(NetlinkMessage message, uint program, string name, ushort? place)
    {
        ushort type = place is null ? SegmentEncapsulation : BpfEncapsulation;
        return message.Attribute(EncapsulationType, MemoryMarshal.AsBytes(new ReadOnlySpan<ushort>(in type)))
            .Nested(Encapsulation, encapsulation =>
            {
                if (place is null) encapsulation.Attribute(SegmentAction, EndBpf);
                encapsulation.Nested(place ?? SegmentProgram, bpf => bpf.Attribute(ProgramFd, program).Attribute(ProgramName, name));
            });
    }

    private static NetlinkMessage Describe(NetlinkMessage message, RoutePlace route)
    {
        const byte InternetV4 = 2, InternetV6 = 10; // AF_INET, AF_INET6
        message.Header(new RouteHeader
        {
            Family = route.Destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? InternetV6 : InternetV4,
            DestinationLength = (byte)route.Destination.PrefixLength,
            Protocol = Static,
            Scope = route.Gateway is null ? Link : Universe,
            Type = Unicast,
        });
        message.Attribute(Destination, route.Destination.BaseAddress.GetAddressBytes()).Attribute(OutputInterface, (uint)route.InterfaceIndex).Attribute(Table, route.Table);
        if (route.Gateway is not null) message.Attribute(Gateway, route.Gateway.GetAddressBytes());
        if (route.Metric != 0) message.Attribute(Priority, route.Metric);
        return message;
    }

    // struct rtmsg
    [StructLayout(LayoutKind.Sequential)]
    private struct RouteHeader
    {
        public byte Family;
        public byte DestinationLength;
        public byte SourceLength;
        public byte TypeOfService;
        public byte Table;
        public byte Protocol;
        public byte Scope;
        public byte Type;
        public uint Flags;
    }
}
