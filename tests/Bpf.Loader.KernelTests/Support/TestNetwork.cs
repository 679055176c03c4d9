using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Threading;
using Bpf.Loader.Interop;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// A network of a test's own: a device here, its peer in a network namespace. Both go with it.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    private const int Port = 9; // discard

    private static int _count;

    private readonly string _namespace;

    public TestNetwork()
    {
        int number = Environment.ProcessId * 10 % 100_000 + Interlocked.Increment(ref _count);
        (_namespace, Device, Peer) = ($"bpftest{number}", $"bt{number}", $"bp{number}");
        Leftovers.Expect(NamespacePath);
        Leftovers.Expect($"/sys/class/net/{Device}");
        Shell.Run($"ip netns add {_namespace}");
        try
        {
            Shell.Run($"ip link add {Device} type veth peer name {Peer} netns {_namespace}");
            Shell.Run($"ip address add 203.0.113.1/24 dev {Device}");
            Shell.Run($"ip link set {Device} up");
            Shell.Run($"ip -n {_namespace} address add 203.0.113.2/24 dev {Peer}");
            Shell.Run($"ip -n {_namespace} link set {Peer} up");
            Shell.Run($"ip -n {_namespace} link set lo up");

            // Without these the first packets wait for an answer to the question who is there.
            string own = File.ReadAllText($"/sys/class/net/{Device}/address").Trim();
            string[] peer = Shell.Run($"ip -n {_namespace} -br link show {Peer}").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Shell.Run($"ip neighbour add 203.0.113.2 lladdr {peer[2]} dev {Device}");
            Shell.Run($"ip -n {_namespace} neighbour add 203.0.113.1 lladdr {own} dev {Peer}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The device here, with the address 203.0.113.1.</summary>
    public string Device { get; }

    /// <summary>The device in the namespace, with the address 203.0.113.2.</summary>
    public string Peer { get; }

    /// <summary>The path of the namespace.</summary>
    public string NamespacePath => "/run/netns/" + _namespace;

    /// <summary>The number of the device here.</summary>
    public int DeviceIndex => int.Parse(File.ReadAllText($"/sys/class/net/{Device}/ifindex"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Lets packets come in until something has been seen of them, which another CPU may still be working on.</summary>
    public void ReceiveUntil(Func<bool> seen) => Until(Receive, seen);

    /// <summary>Lets packets go out until something has been seen of them.</summary>
    public void SendUntil(Func<bool> seen) => Until(Send, seen);

    private static void Until(Action<int> traffic, Func<bool> seen)
    {
        for (int rounds = 0; !seen(); rounds++)
        {
            Assert.True(rounds < 200, "1,000 packets were sent in vain");
            traffic(5);
            Thread.Sleep(rounds / 10);
        }
    }

    /// <summary>Does something on a thread that is in the namespace.</summary>
    public void Inside(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using FileDescriptorHandle netns = KernelFile.OpenRead(NamespacePath, out _)!;
                using HandleUse use = netns.Use();
                if (Tmds.Linux.LibC.setns(use.Descriptor, Tmds.Linux.LibC.CLONE_NEWNET) != 0) throw new InvalidOperationException($"setns: {LibC.LastError}");
                action();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Gets something from a thread that is in the namespace.</summary>
    public T Call<T>(Func<T> function)
    {
        T result = default!;
        Inside(() => result = function());
        return result;
    }

    /// <summary>Lets packets come in at the device.</summary>
    public void Receive(int packets) => Inside(() => Send("203.0.113.1", packets));

    /// <summary>Lets packets go out of the device.</summary>
    public void Send(int packets) => Send("203.0.113.2", packets);

    /// <summary>Sends packets from the calling thread's namespace.</summary>
    public static void Send(string to, int packets)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (int i = 0; i < packets; i++) socket.SendTo(new byte[20], new IPEndPoint(IPAddress.Parse(to), Port));
    }

    public void Dispose()
    {
        // The namespace is taken down later, by the kernel; a device with its address must not outlive the test.
        Shell.Try($"ip link delete {Device}");
        Shell.Run($"ip netns delete {_namespace}");
    }
}
