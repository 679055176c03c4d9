using System;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

public sealed class NetworkHookTests : KernelTest
{
    [Theory]
    [InlineData(NetfilterHook.LocalOut)]
    [InlineData(NetfilterHook.LocalIn)]
    [InlineData(NetfilterHook.PostRouting)]
    public void Netfilter_runs_the_program(NetfilterHook hook)
    {
        Requires.Function("bpf_nf_link_attach", "BPF in netfilter (Linux 6.4)");
        using BpfObject bpf = TestObjects.Load("hook_netfilter");
        BpfProgram program = bpf.Programs["filter"];
        using (BpfLink link = program.AttachNetfilter(NetfilterFamily.IPv4, hook, new NetfilterOptions { Priority = -12 }))
        {
            var info = Assert.IsType<NetfilterLinkInfo>(link.GetInfo());
            Assert.Equal((NetfilterFamily.IPv4, hook, -12), (info.Family, info.Hook, info.Priority));
            SendToSelf();
            Assert.True(bpf.Globals["packets"].Get<ulong>() >= 1);
            var busy = Assert.Throws<BpfAttachException>(() => program.AttachNetfilter(NetfilterFamily.IPv4, hook, new NetfilterOptions { Priority = -12 }));
            Assert.Equal(BpfDiagnosticId.AlreadyAttached, busy.Id);
        }

        ulong packets = bpf.Globals["packets"].Get<ulong>();
        SendToSelf();
        Assert.Equal(packets, bpf.Globals["packets"].Get<ulong>());
    }

    [Fact]
    public void Netfilter_drops_packets()
    {
        Requires.Function("bpf_nf_link_attach", "BPF in netfilter (Linux 6.4)");
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.Netfilter, BpfAttachType.Netfilter, returns: 0);
        network.Inside(() =>
        {
            using BpfLink link = NetfilterAttacher.Attach(program.Source, NetfilterFamily.IPv4, NetfilterHook.LocalOut, new NetfilterOptions());
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var refused = Assert.Throws<SocketException>(() => socket.SendTo(new byte[8], new IPEndPoint(IPAddress.Loopback, 9)));
            Assert.Equal(SocketError.AccessDenied, refused.SocketErrorCode);
        });
        Assert.Equal(1, program.Runs);
        SendToSelf(); // the other namespace is not concerned
        Assert.Equal(1, program.Runs);
    }

    [Fact]
    public void A_socket_lookup_refuses_connections_of_its_namespace()
    {
        using var network = new TestNetwork();
        const int Drop = 0;
        using var program = new AttachedProgram(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: Drop);
        using (BpfLink link = NetnsAttacher.Attach(program.Source, network.NamespacePath))
        {
            Assert.Equal(BpfAttachType.SkLookup, Assert.IsType<NetnsLinkInfo>(link.GetInfo()).AttachType);
            network.Inside(() => Assert.False(ReachesItself()));
            Assert.True(program.Runs >= 1);
            Assert.True(ReachesItself()); // here
        }

        network.Inside(() => Assert.True(ReachesItself()));
        network.Inside(() =>
        {
            using BpfLink link = NetnsAttacher.Attach(program.Source, null);
            Assert.False(ReachesItself());
        });
    }

    [Fact]
    public void A_flow_dissector_is_of_one_namespace_and_alone()
    {
        using var network = new TestNetwork();
        using BpfObject bpf = TestObjects.Load("hook_socket");
        BpfProgram program = bpf.Programs["dissect"];
        using (BpfLink link = program.AttachNetns(network.NamespacePath))
        {
            Assert.Equal(BpfAttachType.FlowDissector, Assert.IsType<NetnsLinkInfo>(link.GetInfo()).AttachType);
            Assert.Equal(BpfDiagnosticId.AlreadyAttached, Assert.Throws<BpfAttachException>(() => program.AttachNetns(network.NamespacePath)).Id);
        }

        program.AttachNetns(network.NamespacePath).Dispose();
        Assert.Equal(Errno.EINVAL, Assert.Throws<BpfAttachException>(() => program.AttachNetns("/dev/null")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfAttachException>(() => program.AttachNetns("/run/netns/nonexistent")).Errno);
    }

    [Fact]
    public void A_flow_dissector_runs_for_packets()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.FlowDissector, BpfAttachType.FlowDissector);
        using BpfLink link = NetnsAttacher.Attach(program.Source, network.NamespacePath);
        // The kernel looks for the headers of what a packet socket sends.
        network.Inside(() => PacketSocket.Send(network.Peer, new byte[64]));
        Assert.True(program.Runs >= 1);
        link.Dispose();
        long runs = program.Runs;
        network.Inside(() => PacketSocket.Send(network.Peer, new byte[64]));
        Assert.Equal(runs, program.Runs);
    }

    [Fact]
    public void A_socket_gets_what_its_filter_lets_pass()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var program = new AttachedProgram(BpfProgramType.SocketFilter, returns: 0);
        using (BpfLink link = SocketAttacher.Attach(program.Source, receiver, false))
        {
            Assert.False(link.IsKernelLink);
            sender.SendTo([1], receiver.LocalEndPoint!);
            Assert.Equal((1, 0), (program.Runs, receiver.Available));
        }

        sender.SendTo([2], receiver.LocalEndPoint!);
        byte[] buffer = new byte[4];
        Assert.Equal((1, 2), (receiver.Receive(buffer), buffer[0]));
        Assert.Equal(1, program.Runs);

        BpfLink orphan = SocketAttacher.Attach(program.Source, receiver, false);
        receiver.Dispose();
        orphan.Dispose();
    }

    [Fact]
    public void A_filter_of_another_type_is_refused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp);
        Assert.Equal(Errno.EINVAL, Assert.Throws<BpfAttachException>(() => SocketAttacher.Attach(program.Source, socket, false)).Errno);
    }

    [Fact]
    public void The_program_chooses_among_sockets_that_share_a_port()
    {
        using Socket first = SharedSocket(0);
        int port = ((IPEndPoint)first.LocalEndPoint!).Port;
        using Socket second = SharedSocket(port);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var choose = new AttachedProgram(BpfProgramType.SocketFilter, returns: 1);
        using (BpfLink link = SocketAttacher.Attach(choose.Source, first, isReusePort: true))
        {
            for (int i = 0; i < 20; i++) sender.SendTo([1], first.LocalEndPoint!);
            Assert.Equal(20, choose.Runs);
            Assert.Equal(0, first.Available);
            Assert.NotEqual(0, second.Available);
        }

        sender.SendTo([1], first.LocalEndPoint!);
        Assert.Equal(20, choose.Runs);
        using var alone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Equal(Errno.EINVAL, Assert.Throws<BpfAttachException>(() => SocketAttacher.Attach(choose.Source, alone, isReusePort: true)).Errno);
    }

    [Fact]
    public void A_message_verdict_drops_what_is_sent_through_a_sockmap()
    {
        (Socket client, Socket server) = ConnectedPair();
        using (client)
        using (server)
        {
            using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
            using var program = new AttachedProgram(BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, returns: 0); // SK_DROP
            using (BpfLink link = SockMapAttacher.Attach(program.Source, map))
            {
                Assert.Equal(Environment.OSVersion.Version >= new Version(6, 10), link.IsKernelLink);
                map.Set(new byte[4], BitConverter.GetBytes((int)client.Handle));
                Assert.Equal(SocketError.AccessDenied, Assert.Throws<SocketException>(() => client.Send([1])).SocketErrorCode);
                Assert.Equal(1, program.Runs);
                Assert.Equal(BpfDiagnosticId.AlreadyAttached, AttachAgain(program, map));
            }

            // A socket keeps the program that its map had when it came in.
            Assert.True(map.Remove(new byte[4]));
            client.Send([2]);
            byte[] buffer = new byte[4];
            Assert.Equal((1, 2), (server.Receive(buffer), buffer[0]));
        }
    }

    [Fact]
    public void A_stream_verdict_sees_what_comes_in()
    {
        // Verdicts for sockets that are no streams as well came with Linux 5.13.
        BpfAttachType hook = KernelVersion.Current.CompareTo(new KernelVersion(5, 13, 0)) < 0 ? BpfAttachType.SkSkbStreamVerdict : BpfAttachType.SkSkbVerdict;
        (Socket client, Socket server) = ConnectedPair();
        using (client)
        using (server)
        {
            using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
            using var program = new AttachedProgram(BpfProgramType.SkSkb, hook, returns: 1); // SK_PASS
            using BpfLink link = SockMapAttacher.Attach(program.Source, map);
            map.Set(new byte[4], BitConverter.GetBytes((int)server.Handle));
            client.Send([3]);
            byte[] buffer = new byte[4];
            Assert.Equal((1, 3), (server.Receive(buffer), buffer[0]));
            Assert.True(program.Runs >= 1);
        }
    }

    // A second program of the same kind is refused by links; without them the newer one takes the place.
    private static BpfDiagnosticId AttachAgain(AttachedProgram program, BpfMap map)
    {
        try
        {
            SockMapAttacher.Attach(program.Source, map).Dispose();
            return Environment.OSVersion.Version < new Version(6, 10) ? BpfDiagnosticId.AlreadyAttached : BpfDiagnosticId.AttachFailed;
        }
        catch (BpfAttachException error)
        {
            return error.Id;
        }
    }

    private static (Socket Client, Socket Server) ConnectedPair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        return (client, listener.Accept());
    }

    private static Socket SharedSocket(int port)
    {
        const int SocketLevel = 1, ReusePort = 15;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static bool ReachesItself()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.SendTo([1], receiver.LocalEndPoint!);
        return receiver.Available > 0;
    }

    private static void SendToSelf() => Assert.True(ReachesItself());
}
