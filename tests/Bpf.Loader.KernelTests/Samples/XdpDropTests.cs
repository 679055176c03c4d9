using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class XdpDropTests
{
    [Fact]
    public void The_list_changes_while_it_runs()
    {
        Sample.SkipOnEmulatedCpu();
        using var network = new TestNetwork();
        using var pins = new TestFileSystem();
        string folder = pins["xdp-drop"];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("203.0.113.1"), 9));
        using Sample drop = Sample.Start("xdp-drop", "run", network.Device, "--pins", folder);
        Assert.Contains(network.Device, drop.ReadLine(), StringComparison.Ordinal);
        network.ReceiveUntil(() => socket.Available > 0);

        // Others are denied: those of the network still come.
        Sample.Run("xdp-drop", "deny", "198.51.100.0/24", "2001:db8::/32", "--pins", folder);
        Drain(socket);
        network.ReceiveUntil(() => socket.Available > 0);

        Sample.Run("xdp-drop", "deny", "203.0.113.2/32", "--pins", folder);
        Drain(socket);
        network.Receive(5);
        while (!List(folder).Contains("203.0.113.2/32 5\n", StringComparison.Ordinal))
            Thread.Sleep(10);
        Assert.Equal(0, socket.Available);
        Assert.Equal("198.51.100.0/24 0\n2001:db8::/32 0\n203.0.113.2/32 5\n", List(folder));

        Sample.Run("xdp-drop", "allow", "203.0.113.2/32", "--pins", folder);
        network.ReceiveUntil(() => socket.Available > 0);
        Assert.Equal("198.51.100.0/24 0\n2001:db8::/32 0\n", List(folder));
        Assert.Contains("packets passed", drop.Stop(), StringComparison.Ordinal);
        Assert.Contains("'nonsense'", Sample.Fail("xdp-drop", "deny", "nonsense", "--pins", folder), StringComparison.Ordinal);
        Sample.Run("xdp-drop", "off", "--pins", folder);
        Assert.False(System.IO.Directory.Exists(folder));
    }

    [Fact]
    public void No_packet_gets_by_while_it_is_upgraded()
    {
        Sample.SkipOnEmulatedCpu();
        using var network = new TestNetwork();
        using var pins = new TestFileSystem();
        string folder = pins["xdp-drop"];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("203.0.113.1"), 9));
        int sent = 0;
        for (int version = 0; version < 3; version++)
        {
            using Sample drop = Sample.Start("xdp-drop", "run", network.Device, "--pins", folder);
            drop.ReadLine();
            if (version == 0) Sample.Run("xdp-drop", "deny", "203.0.113.0/24", "--pins", folder);
            Receive(3);
            drop.Stop();
            Receive(4); // while none runs
        }

        while (!List(folder).Contains($" {sent}\n", StringComparison.Ordinal))
            Thread.Sleep(10);
        Assert.Equal((21, 0), (sent, socket.Available));
        Sample.Run("xdp-drop", "off", "--pins", folder);
        network.ReceiveUntil(() => socket.Available > 0);

        void Receive(int packets)
        {
            network.Receive(packets);
            sent += packets;
        }
    }

    [Fact]
    public void Without_one_that_runs_there_is_no_list()
    {
        Sample.SkipOnEmulatedCpu();
        Assert.Contains("ENOENT", Sample.Fail("xdp-drop", "list", "--pins", "/sys/fs/bpf/no-xdp-drop"), StringComparison.Ordinal);
    }

    private static string List(string folder)
    {
        string[] lines = Sample.Run("xdp-drop", "list", "--pins", folder).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
            lines[i] = string.Join(' ', lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Array.Sort(lines, StringComparer.Ordinal);
        return string.Join('\n', lines) + "\n";
    }

    private static void Drain(Socket socket)
    {
        byte[] packet = new byte[64];
        while (socket.Available > 0)
            socket.Receive(packet);
    }
}
