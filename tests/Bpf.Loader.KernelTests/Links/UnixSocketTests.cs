using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Unix sockets of a cgroup (6.7): the programs put another address in place of the one that was given.</summary>
public sealed class UnixSocketTests : KernelTest
{
    private static readonly string Other = $"\0bpf{Environment.ProcessId:D12}";

    private static readonly UnixDomainSocketEndPoint Nobody = new($"\0nobody{Environment.ProcessId}"), Own = new($"\0own{Environment.ProcessId}");

    [Fact]
    public void Connections_go_elsewhere_and_the_peers_name_is_another()
    {
        using BpfObject bpf = Load();
        using var cgroup = new TestCgroup();
        using Socket listener = Bound(SocketType.Stream, new UnixDomainSocketEndPoint(Other));
        listener.Listen();
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => Connect(Nobody).Dispose()).SocketErrorCode);
        using (bpf.Programs["connect_unix"].AttachCgroup(cgroup.Path))
        {
            using Socket socket = Connect(Nobody);
            using Socket accepted = listener.Accept();
            accepted.Send([7]);
            socket.ReceiveTimeout = 30_000;
            byte[] answer = new byte[1];
            Assert.Equal((1, 7), (socket.Receive(answer), answer[0]));
        }

        Assert.Throws<SocketException>(() => Connect(Nobody).Dispose());

        using Socket named = Bound(SocketType.Stream, Own);
        named.Listen();
        using (bpf.Programs["getpeername_unix"].AttachCgroup(cgroup.Path))
        {
            using Socket socket = Connect(Own);
            Assert.Equal(Other, Name(socket.RemoteEndPoint));
        }

        using Socket honest = Connect(Own);
        Assert.Equal(Name(Own), Name(honest.RemoteEndPoint));
    }

    [Fact]
    public void Datagrams_go_elsewhere_and_come_from_elsewhere()
    {
        using BpfObject bpf = Load();
        using var cgroup = new TestCgroup();
        using Socket receiver = Bound(SocketType.Dgram, new UnixDomainSocketEndPoint(Other)), sender = Bound(SocketType.Dgram, Own);
        using (bpf.Programs["sendmsg_unix"].AttachCgroup(cgroup.Path)) sender.SendTo([1], Nobody);
        Assert.Throws<SocketException>(() => sender.SendTo([2], Nobody));
        Assert.Equal((1, Name(Own)), Receive(receiver));

        sender.SendTo([3], receiver.LocalEndPoint!);
        using (bpf.Programs["recvmsg_unix"].AttachCgroup(cgroup.Path)) Assert.Equal((3, Other), Receive(receiver));
    }

    [Fact]
    public void The_own_name_is_another()
    {
        using BpfObject bpf = Load();
        using var cgroup = new TestCgroup();
        using Socket first = Bound(SocketType.Dgram, Own);
        using (bpf.Programs["getsockname_unix"].AttachCgroup(cgroup.Path)) Assert.Equal(Other, Name(first.LocalEndPoint));
        first.Dispose();
        using Socket second = Bound(SocketType.Dgram, Own);
        Assert.Equal(Name(Own), Name(second.LocalEndPoint));
    }

    private static BpfObject Load()
    {
        Requires.Function("bpf_sock_addr_set_sun_path", "hooks of unix sockets (Linux 6.7)");
        BpfObjectFile file = TestObjects.Open("hook_cgroup_unix");
        Encoding.UTF8.GetBytes(Other).CopyTo(file.Globals["other"].Bytes);
        return file.Load();
    }

    private static Socket Bound(SocketType type, EndPoint name)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        socket.Bind(name);
        return socket;
    }

    private static Socket Connect(EndPoint name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(name);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static (int Byte, string From) Receive(Socket socket)
    {
        byte[] buffer = new byte[1];
        socket.ReceiveTimeout = 30_000;
        EndPoint from = new UnixDomainSocketEndPoint("/");
        Assert.Equal(1, socket.ReceiveFrom(buffer, ref from));
        return (buffer[0], Name(from));
    }

    // Abstract names are shown with an at sign.
    private static string Name(EndPoint? address) => $"\0{address!.ToString()![1..]}";
}
