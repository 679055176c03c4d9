using System.IO;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Each hook of a cgroup runs its program for the calls that it is about, and for those of its own family of addresses only.</summary>
public sealed class CgroupHookTests : KernelTest
{
    private const int Allow = 1;

    [Theory]
    [InlineData(BpfAttachType.CgroupInetSockCreate)]
    [InlineData(BpfAttachType.CgroupInetSockRelease)]
    [InlineData(BpfAttachType.CgroupInet4PostBind)]
    [InlineData(BpfAttachType.CgroupInet6PostBind)]
    public void Sockets_are_seen_from_beginning_to_end(BpfAttachType hook) => Check(BpfProgramType.CgroupSock, hook);

    [Theory]
    [InlineData(BpfAttachType.CgroupInet4Bind)]
    [InlineData(BpfAttachType.CgroupInet6Bind)]
    [InlineData(BpfAttachType.CgroupInet4Connect)]
    [InlineData(BpfAttachType.CgroupInet6Connect)]
    [InlineData(BpfAttachType.CgroupUdp4SendMsg)]
    [InlineData(BpfAttachType.CgroupUdp6SendMsg)]
    [InlineData(BpfAttachType.CgroupUdp4RecvMsg)]
    [InlineData(BpfAttachType.CgroupUdp6RecvMsg)]
    [InlineData(BpfAttachType.CgroupInet4GetPeerName)]
    [InlineData(BpfAttachType.CgroupInet6GetPeerName)]
    [InlineData(BpfAttachType.CgroupInet4GetSockName)]
    [InlineData(BpfAttachType.CgroupInet6GetSockName)]
    public void Addresses_are_seen_by_the_hook_of_their_family(BpfAttachType hook) => Check(BpfProgramType.CgroupSockAddr, hook);

    [Theory]
    [InlineData(BpfAttachType.CgroupGetSockOpt)]
    [InlineData(BpfAttachType.CgroupSetSockOpt)]
    public void Options_are_seen(BpfAttachType hook) => Check(BpfProgramType.CgroupSockOpt, hook);

    [Fact]
    public void Settings_are_seen() => Check(BpfProgramType.CgroupSysctl, BpfAttachType.CgroupSysctl);

    private static void Check(BpfProgramType type, BpfAttachType hook)
    {
        using var cgroup = new TestCgroup();
        using var program = new AttachedProgram(type, hook, returns: Allow);
        bool isOfFour = hook.ToString().Contains('4'), isOfSix = hook.ToString().Contains('6');
        using (CgroupAttacher.Attach(program.Source, cgroup.Path, new CgroupOptions()))
        {
            Talk(AddressFamily.InterNetwork);
            Assert.Equal(isOfSix, program.Runs == 0);
            long runs = program.Runs;
            Talk(AddressFamily.InterNetworkV6);
            Assert.Equal(isOfFour, program.Runs == runs);
        }

        long before = program.Runs;
        Talk(AddressFamily.InterNetwork);
        Talk(AddressFamily.InterNetworkV6);
        Assert.Equal(before, program.Runs);
    }

    // Everything that one of the hooks is about.
    private static void Talk(AddressFamily family)
    {
        var any = new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0);
        using Socket receiver = new(family, SocketType.Dgram, ProtocolType.Udp), sender = new(family, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(any);
        sender.SendTo([1], receiver.LocalEndPoint!);
        EndPoint from = any;
        receiver.ReceiveTimeout = 30_000;
        Assert.Equal(1, receiver.ReceiveFrom(new byte[1], ref from));
        sender.Connect(receiver.LocalEndPoint!);
        Assert.Equal(receiver.LocalEndPoint, sender.RemoteEndPoint);
        Assert.NotEqual(0, receiver.ReceiveBufferSize);
        Assert.NotEmpty(File.ReadAllText("/proc/sys/kernel/hostname"));
    }
}
