using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A pair of netkit devices, which tools of the time of Linux 6.1 cannot make.</summary>
internal sealed class NetkitPair : IDisposable
{
    private const ushort NewLink = 16, NameAttribute = 3, LinkInfo = 18, InfoKind = 1, InfoData = 2;
    private const ushort PeerInfo = 1; // IFLA_NETKIT_PEER_INFO

    /// <summary>The device that programs are attached to.</summary>
    public const string Primary = "nkprimary";

    private const string Peer = "nkpeer";

    public NetkitPair()
    {
        Leftovers.Expect($"/sys/class/net/{Primary}");
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        NetlinkMessage message = new NetlinkMessage(NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive)
            .Header(default(Header))
            .Attribute(NameAttribute, Primary)
            .Nested(LinkInfo, info => info
                .Attribute(InfoKind, "netkit")
                .Nested(InfoData, data => data.Nested(PeerInfo, peer => peer.Header(default(Header)).Attribute(NameAttribute, Peer))));
        Errno errno = socket.Ask(message, null, out string? reason);
        Assert.True(errno == Errno.None, $"{errno}: {reason}");
        Shell.Run($"ip address add 198.51.100.1/24 dev {Primary}");
        Shell.Run($"ip link set {Primary} up");
        Shell.Run($"ip link set {Peer} up");
    }

    /// <summary>Sends packets out of both ends.</summary>
    public static void Traffic(int packets)
    {
        foreach (string device in (string[])[Primary, Peer])
        {
            using var socket = new System.Net.Sockets.Socket(
                System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
            socket.EnableBroadcast = true;
            socket.SetRawSocketOption(1, 25, System.Text.Encoding.UTF8.GetBytes(device + '\0')); // SO_BINDTODEVICE
            for (int i = 0; i < packets; i++)
                socket.SendTo(new byte[20], new System.Net.IPEndPoint(System.Net.IPAddress.Broadcast, 9));
        }
    }

    /// <summary>Sends packets out of both ends until something has been seen of them.</summary>
    public static void TrafficUntil(Func<bool> seen)
    {
        for (int rounds = 0; !seen(); rounds++)
        {
            Assert.True(rounds < 200, "1,000 packets were sent in vain");
            Traffic(5);
        }
    }

    public void Dispose() => Shell.Run($"ip link delete {Primary}");

    // struct ifinfomsg
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public byte Family;
        public ushort Type;
        public int Index;
        public uint Flags;
        public uint Change;
    }
}
