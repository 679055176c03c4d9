using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class CgroupTests : KernelTest
{
    private const int Allow = 1, Deny = 0;

    public static TheoryData<CgroupAttachMode> Modes =>
        [CgroupAttachMode.Link, CgroupAttachMode.Multiple, CgroupAttachMode.Overridable, CgroupAttachMode.Exclusive];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Connections_are_refused_until_the_link_is_disposed(CgroupAttachMode mode)
    {
        using var cgroup = new TestCgroup();
        using var program = new AttachedProgram(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Deny);
        using (BpfLink link = CgroupAttacher.Attach(program.Source, cgroup.Path, new CgroupOptions { Mode = mode }))
        {
            Assert.Equal(mode == CgroupAttachMode.Link, link.IsKernelLink);
            Assert.Equal(SocketError.AccessDenied, Connect());
            Assert.Equal(1, program.Runs);
        }

        Assert.Equal(SocketError.Success, Connect());
        Assert.Equal(1, program.Runs);
    }

    [Theory]
    [InlineData(BpfAttachType.CgroupInetEgress)]
    [InlineData(BpfAttachType.CgroupInetIngress)]
    public void Packets_are_seen(BpfAttachType hook)
    {
        using var cgroup = new TestCgroup();
        using var program = new AttachedProgram(BpfProgramType.CgroupSkb, hook, returns: Allow);
        using BpfLink link = CgroupAttacher.Attach(program.Source, cgroup.Path, new CgroupOptions());
        SendToSelf();
        Assert.Equal(1, program.Runs);
    }

    [Fact]
    public void A_program_for_either_direction_is_told_which()
    {
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("hook_cgroup");
        using BpfLink link = bpf.Programs["skb_either"].AttachCgroup(cgroup.Path, new CgroupOptions { AttachType = BpfAttachType.CgroupInetEgress });
        Assert.Equal(BpfAttachType.CgroupInetEgress, Assert.IsType<CgroupLinkInfo>(link.GetInfo()).AttachType);
    }

    // Each of these programs lets pass what it sees; two count.
    [Fact]
    public void Every_hook_of_the_object_takes_its_program()
    {
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("hook_cgroup");
        foreach (BpfProgram program in bpf.Programs)
        {
            using BpfLink link = program.AttachCgroup(cgroup.Path);
            Assert.True(link.IsKernelLink);
            Assert.Equal((program.ExpectedAttachType, cgroup.Id), (Assert.IsType<CgroupLinkInfo>(link.GetInfo()).AttachType, ((CgroupLinkInfo)link.GetInfo()).CgroupId));
        }

        using BpfLink sockets = bpf.Programs["sock_create"].AttachCgroup(cgroup.Path);
        using BpfLink connects = bpf.Programs["connect4"].AttachCgroup(cgroup.Path);
        using BpfLink sysctls = bpf.Programs["sysctl"].AttachCgroup(cgroup.Path);
        Connect();
        File.ReadAllText("/proc/sys/kernel/hostname");
        Assert.True(bpf.Globals["sockets"].Get<ulong>() >= 2);
        Assert.Equal(1u, bpf.Globals["connects"].Get<ulong>());
        Assert.True(bpf.Globals["sysctls"].Get<ulong>() >= 1);
    }

    [Fact]
    public void Devices_binds_and_socket_options_are_refused()
    {
        using var cgroup = new TestCgroup();
        using (var device = new AttachedProgram(BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, returns: Deny))
        using (CgroupAttacher.Attach(device.Source, cgroup.Path, new CgroupOptions()))
            Assert.ThrowsAny<Exception>(() => File.OpenRead("/dev/zero").Dispose());
        File.OpenRead("/dev/zero").Dispose();

        using (BpfObject bpf = TestObjects.Load("hook_cgroup"))
        using (bpf.Programs["bind4"].AttachCgroup(cgroup.Path))
        {
            // The program refuses the number 1 in network byte order.
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Assert.Equal(SocketError.AccessDenied, Assert.Throws<SocketException>(() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 256))).SocketErrorCode);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        using var option = new AttachedProgram(BpfProgramType.CgroupSockOpt, BpfAttachType.CgroupSetSockOpt, returns: Deny);
        using (CgroupAttacher.Attach(option.Source, cgroup.Path, new CgroupOptions()))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Assert.Throws<SocketException>(() => socket.NoDelay = true);
        }
    }

    [Fact]
    public void Tcp_events_are_seen()
    {
        using var cgroup = new TestCgroup();
        using var program = new AttachedProgram(BpfProgramType.SockOps, BpfAttachType.CgroupSockOps, returns: Allow);
        using BpfLink link = CgroupAttacher.Attach(program.Source, cgroup.Path, new CgroupOptions());
        Assert.Equal(SocketError.Success, Connect());
        Assert.True(program.Runs > 0);
    }

    [Fact]
    public void Programs_that_do_not_share_are_named()
    {
        using var cgroup = new TestCgroup();
        using var first = new AttachedProgram(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        using var second = new AttachedProgram(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        using (CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Exclusive }))
        {
            var error = Assert.Throws<BpfAttachException>(() => CgroupAttacher.Attach(second.Source, cgroup.Path, new CgroupOptions()));
            Assert.Contains("does not share", error.Message, StringComparison.Ordinal);
        }

        using BpfLink one = CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions());
        using BpfLink two = CgroupAttacher.Attach(second.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Multiple });
        Connect();
        Assert.Equal((1, 1), (first.Runs, second.Runs));
    }

    [Fact]
    public void A_link_is_updated_and_detached_by_force()
    {
        using var cgroup = new TestCgroup();
        using var first = new AttachedProgram(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        using var second = new AttachedProgram(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Deny);
        using BpfLink link = CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions());
        Assert.Equal(SocketError.Success, Connect());
        link.Update(second.Source.Handle, first.Source.Handle);
        Assert.Equal(SocketError.AccessDenied, Connect());
        link.Detach();
        Assert.Equal(SocketError.Success, Connect());
        Assert.Equal(0u, Assert.IsType<CgroupLinkInfo>(link.GetInfo()).CgroupId);
    }

    [Fact]
    public void What_is_no_cgroup_is_named()
    {
        using var program = new AttachedProgram(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetEgress, returns: Allow);
        var error = Assert.Throws<BpfAttachException>(() => CgroupAttacher.Attach(program.Source, "/tmp", new CgroupOptions()));
        Assert.Equal((BpfDiagnosticId.NotACgroup, Errno.EBADF), (error.Id, error.Errno));
        Assert.Contains("/sys/fs/cgroup", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfAttachException>(() => CgroupAttacher.Attach(program.Source, "/sys/fs/cgroup/nonexistent", new CgroupOptions()));
        Assert.Equal(Errno.ENOENT, error.Errno);
    }

    [Fact]
    public void Security_hooks_are_those_of_the_cgroup()
    {
        Requires.SecurityHooks();
        Requires.Function("__cgroup_bpf_run_lsm_current", "security hooks of cgroups (Linux 6.0)");
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("hook_lsm_cgroup");
        using (BpfLink link = bpf.Programs["lsm_cgroup_socket"].AttachCgroup(cgroup.Path))
        {
            new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp).Dispose();
            Assert.True(bpf.Globals["sockets"].Get<ulong>() >= 1);
        }

        ulong sockets = bpf.Globals["sockets"].Get<ulong>();
        new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp).Dispose();
        Assert.Equal(sockets, bpf.Globals["sockets"].Get<ulong>());
    }

    private static SocketError Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(listener.LocalEndPoint!);
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    private static void SendToSelf()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.SendTo(new byte[8], receiver.LocalEndPoint!);
        receiver.Receive(new byte[8]);
    }
}
