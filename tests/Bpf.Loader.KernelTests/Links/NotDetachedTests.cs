using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Classic;
using Bpf.Loader.KernelTests.Faults;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Who disposes of a link believes that it is detached: what the kernel refuses to let go is told.</summary>
public sealed class NotDetachedTests : KernelTest
{
    private const int EveryCallFrom = 1;

    private static readonly BpfDiagnosticId NotDetached = BpfDiagnosticId.NotDetached;

    [Fact]
    public void A_filter_that_was_locked_meanwhile_is_told()
    {
        using BpfObject bpf = TestObjects.Open("hook_socket").Load();
        BpfProgram program = bpf.Programs.First(one => one.Type == BpfProgramType.SocketFilter);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        BpfLink link = program.AttachSocket(socket);
        ClassicFilterAttacher.LockFilter(socket);
        link.Dispose();
        BpfFinding finding = Assert.Single(bpf.Diagnostics, found => found.Id == NotDetached);
        Assert.Equal(BpfSeverity.Warning, finding.Severity);
        Assert.Contains($"'{program.Name}' to a socket", finding.Message, StringComparison.Ordinal);
        Assert.Contains("EPERM", finding.Message, StringComparison.Ordinal);
        link.Dispose();
        Assert.Single(bpf.Diagnostics, found => found.Id == NotDetached);
    }

    [Theory]
    [InlineData("xdp")]
    [InlineData("tc")]
    public void What_is_refused_twice_by_netlink_is_told(string hook)
    {
        using var network = new TestNetwork();
        using BpfObject bpf = TestObjects.Load(hook == "xdp" ? "hook_xdp" : "hook_tc");
        BpfProgram program = bpf.Programs.First(one => one.Type == (hook == "xdp" ? BpfProgramType.Xdp : BpfProgramType.SchedCls));
        using var thread = new FaultThread();
        BpfLink? link = null;
        thread.Do(() => link = hook == "xdp"
            ? program.AttachXdp(network.Device, new XdpOptions { UseNetlink = true })
            : program.AttachTc(network.Device, TrafficDirection.Ingress));
        (string? failed, Exception? thrown, _) = thread.Do(EveryCallFrom, Errno.ENOMEM, link!.Dispose, andAllAfter: true);
        Assert.Null(thrown);
        Assert.NotNull(failed);
        Assert.Contains(bpf.Diagnostics, found => found.Id == NotDetached && found.Message.Contains("ENOMEM", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_detached_at_the_second_try_is_not_told()
    {
        using var network = new TestNetwork();
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        BpfProgram program = bpf.Programs.First(one => one.Type == BpfProgramType.Xdp);
        using var thread = new FaultThread();
        BpfLink? link = null;
        thread.Do(() => link = program.AttachXdp(network.Device, new XdpOptions { UseNetlink = true }));
        (string? failed, _, _) = thread.Do(1, Errno.ENOMEM, link!.Dispose);
        Assert.NotNull(failed);
        Assert.DoesNotContain(bpf.Diagnostics, found => found.Id == NotDetached);
        Assert.DoesNotContain("xdp", Shell.Run($"ip link show {network.Device}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_takes_no_others_place_unasked()
    {
        using BpfObject bpf = TestObjects.Open("hook_socket").Load();
        BpfProgram program = bpf.Programs.First(one => one.Type == BpfProgramType.SocketFilter);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        ClassicFilter filter = ClassicFilter.Parse("ret #100");
        using (filter.AttachSocket(socket))
        {
            foreach (Action attach in (Action[])[() => program.AttachSocket(socket), () => ClassicFilter.Parse("ret #0").AttachSocket(socket)])
            {
                BpfAttachException refused = Assert.Throws<BpfAttachException>(attach);
                Assert.Equal((BpfDiagnosticId.AlreadyAttached, Errno.EEXIST), (refused.Id, refused.Errno));
                Assert.Contains("a filter of 1 instruction already", refused.Message, StringComparison.Ordinal);
                Assert.Equal(filter.Instructions.ToArray(), ClassicFilterAttacher.GetSocketFilter(socket)?.Instructions.ToArray());
            }

            ClassicFilter next = ClassicFilter.Parse("ret #7");
            using BpfLink other = next.AttachSocket(socket, replace: true);
            Assert.Equal(next.Instructions.ToArray(), ClassicFilterAttacher.GetSocketFilter(socket)?.Instructions.ToArray());
        }

        using (program.AttachSocket(socket))
        {
            Assert.Contains("a program already", Assert.Throws<BpfAttachException>(() => program.AttachSocket(socket)).Message, StringComparison.Ordinal);
            Assert.Contains("a program already", Assert.Throws<BpfAttachException>(() => filter.AttachSocket(socket)).Message, StringComparison.Ordinal);
            using BpfLink other = program.AttachSocket(socket, replace: true);
        }
    }
}
