using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class TrafficControlTests : KernelTest
{
    private const int Pass = 0, Shot = 2, Next = -1;

    [Theory]
    [InlineData(TrafficDirection.Ingress)]
    [InlineData(TrafficDirection.Egress)]
    public void A_filter_runs_the_program_and_leaves_no_qdisc_behind(TrafficDirection direction)
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.SchedCls, returns: Pass);
        using (BpfTcLink link = TcAttacher.Attach(program.Source, NetworkInterface.Find(network.Device), direction, new TcOptions()))
        {
            Assert.NotEqual((0, 0u), (link.Priority, link.FilterHandle));
            Assert.NotEqual(0u, link.QueryProgramId());
            Assert.Contains("direct-action", Shell.Run($"tc filter show dev {network.Device} {direction.ToString().ToLowerInvariant()}"), StringComparison.Ordinal);
            Until(network, direction, () => program.Runs >= 5);
            link.Detach();
            Assert.Equal(0u, link.QueryProgramId());
        }

        long runs = program.Runs;
        Traffic(network, direction);
        Assert.Equal(runs, program.Runs);
        Assert.DoesNotContain("clsact", Qdiscs(network), StringComparison.Ordinal);
    }

    [Fact]
    public void A_qdisc_that_was_there_stays_and_one_with_foreign_filters_too()
    {
        using var network = new TestNetwork();
        using var bpffs = new TestFileSystem();
        using var program = new AttachedProgram(BpfProgramType.SchedCls, returns: Pass);
        Assert.Equal(Errno.None, BpfSyscall.ObjectPin(bpffs["program"], program.Source.Handle));
        NetworkInterface device = NetworkInterface.Find(network.Device);
        Shell.Run($"tc qdisc add dev {network.Device} clsact");
        TcAttacher.Attach(program.Source, device, TrafficDirection.Ingress, new TcOptions()).Dispose();
        Assert.Contains("clsact", Qdiscs(network), StringComparison.Ordinal);
        Shell.Run($"tc qdisc del dev {network.Device} clsact");

        BpfTcLink first = TcAttacher.Attach(program.Source, device, TrafficDirection.Ingress, new TcOptions());
        BpfTcLink second = TcAttacher.Attach(program.Source, device, TrafficDirection.Egress, new TcOptions());
        first.Dispose();
        Assert.Contains("clsact", Qdiscs(network), StringComparison.Ordinal);
        Shell.Run($"tc filter add dev {network.Device} ingress bpf direct-action object-pinned {bpffs["program"]}");
        second.Dispose();
        Assert.Contains("clsact", Qdiscs(network), StringComparison.Ordinal);
    }

    [Fact]
    public void Priority_and_handle_are_kept_and_a_filter_is_replaced_only_when_asked()
    {
        using var network = new TestNetwork();
        using var first = new AttachedProgram(BpfProgramType.SchedCls, returns: Pass);
        using var second = new AttachedProgram(BpfProgramType.SchedCls, returns: Pass);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        var options = new TcOptions { Priority = 7, Handle = 3 };
        using BpfTcLink link = TcAttacher.Attach(first.Source, device, TrafficDirection.Ingress, options);
        Assert.Equal((7, 3u), (link.Priority, link.FilterHandle));
        var error = Assert.Throws<BpfAttachException>(() => TcAttacher.Attach(second.Source, device, TrafficDirection.Ingress, options));
        Assert.Equal(BpfDiagnosticId.AlreadyAttached, error.Id);
        uint before = link.QueryProgramId();
        using BpfTcLink replacement = TcAttacher.Attach(second.Source, device, TrafficDirection.Ingress, options with { Replace = true });
        Assert.NotEqual(before, replacement.QueryProgramId());
        network.ReceiveUntil(() => second.Runs >= 3);
    }

    [Fact]
    public void A_program_of_another_type_is_refused_with_the_kernels_words()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.SocketFilter);
        Assert.Throws<BpfAttachException>(() => TcAttacher.Attach(program.Source, NetworkInterface.Find(network.Device), TrafficDirection.Ingress, new TcOptions()));
        Assert.DoesNotContain("clsact", Qdiscs(network), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrafficDirection.Ingress)]
    [InlineData(TrafficDirection.Egress)]
    public void Tcx_runs_the_programs_in_order(TrafficDirection direction)
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        NetworkInterface device = NetworkInterface.Find(network.Device);
        BpfAttachType hook = direction == TrafficDirection.Ingress ? BpfAttachType.TcxIngress : BpfAttachType.TcxEgress;
        using var middle = new AttachedProgram(BpfProgramType.SchedCls, returns: Pass);
        using var before = new AttachedProgram(BpfProgramType.SchedCls, returns: Next);
        using var after = new AttachedProgram(BpfProgramType.SchedCls, returns: Next);
        using BpfLink link = DeviceLinkAttacher.Attach(middle.Source, device, hook, AttachOrder.Last);
        using BpfLink earlier = DeviceLinkAttacher.Attach(before.Source, device, hook, AttachOrder.Before(link));
        using (DeviceLinkAttacher.Attach(after.Source, device, hook, AttachOrder.AfterLink(link.Id)))
        {
            // The one in the middle decides: whatever stands behind it never runs. Its number says nothing of the order, for packets come
            // all the time, and some came before the others were attached.
            Until(network, direction, () => middle.Runs >= 5 && before.Runs >= 5);
            Assert.Equal(0, after.Runs);
        }

        using (DeviceLinkAttacher.Attach(after.Source, device, hook, AttachOrder.First))
        {
            Until(network, direction, () => after.Runs >= 5);
        }

        var info = Assert.IsType<DeviceLinkInfo>(link.GetInfo());
        Assert.Equal((BpfLinkType.Tcx, hook, (uint)device.Index), (info.Type, info.AttachType, info.InterfaceIndex));
        var error = Assert.Throws<BpfAttachException>(() => DeviceLinkAttacher.Attach(after.Source, device, hook, AttachOrder.Last with { ExpectedRevision = 999 }));
        Assert.Equal(Errno.ESTALE, error.Errno);
    }

    // There is no function that attaches actions, here or in libbpf: they belong to filters, which others make.
    [Theory]
    [InlineData(Pass)]
    [InlineData(Shot)]
    public void An_action_of_a_filter_runs_the_program(int verdict)
    {
        Requires.Function("tcf_bpf_act", "actions of BPF (CONFIG_NET_ACT_BPF)");
        using var network = new TestNetwork();
        using var bpffs = new TestFileSystem();
        using var action = new AttachedProgram(BpfProgramType.SchedAct, returns: verdict);
        using var classifier = new AttachedProgram(BpfProgramType.SchedCls, returns: Next); // the filter's own class, and its actions
        Assert.Equal(Errno.None, BpfSyscall.ObjectPin(bpffs["action"], action.Source.Handle));
        Assert.Equal(Errno.None, BpfSyscall.ObjectPin(bpffs["classifier"], classifier.Source.Handle));
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Parse("203.0.113.1"), 9));
        Shell.Run($"tc qdisc add dev {network.Device} clsact");
        Shell.Run($"tc filter add dev {network.Device} ingress bpf object-pinned {bpffs["classifier"]} classid 1:1 action bpf object-pinned {bpffs["action"]}");
        network.ReceiveUntil(() => action.Runs >= 5 && (verdict == Shot || receiver.Available > 0));
        long acted = action.Runs; // read first, for packets come all the time
        Assert.True(classifier.Runs >= acted);
        Assert.Equal(verdict == Pass, receiver.Available > 0);

        Shell.Run($"tc filter delete dev {network.Device} ingress");
        long runs = action.Runs;
        network.Receive(5);
        Assert.Equal(runs, action.Runs);
    }

    [Fact]
    public void Netkit_runs_the_programs_in_order_and_those_that_take_their_place()
    {
        Requires.Function("netkit_link_attach", "netkit (Linux 6.7)");
        using var pair = new NetkitPair();
        NetworkInterface device = NetworkInterface.Find(NetkitPair.Primary);
        using AttachedProgram before = Netkit(Next), middle = Netkit(Pass), after = Netkit(Next), replacement = Netkit(Next);
        using BpfLink link = DeviceLinkAttacher.Attach(middle.Source, device, BpfAttachType.NetkitPrimary, AttachOrder.Last);
        using BpfLink earlier = DeviceLinkAttacher.Attach(before.Source, device, BpfAttachType.NetkitPrimary, AttachOrder.Before(link));
        using BpfLink later = DeviceLinkAttacher.Attach(after.Source, device, BpfAttachType.NetkitPrimary, AttachOrder.AfterLink(link.Id));
        Assert.Equal([before.Id, middle.Id, after.Id], HookQuery.OfDevice(NetkitPair.Primary, BpfAttachType.NetkitPrimary).Programs.Select(program => program.ProgramId));
        NetkitPair.TrafficUntil(() => middle.Runs >= 5 && before.Runs >= 5);
        Assert.Equal(0, after.Runs); // the one in the middle decides

        Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(() => link.Update(replacement.Source.Handle, before.Source.Handle)).Errno);
        link.Update(replacement.Source.Handle, middle.Source.Handle);
        Assert.Equal(replacement.Id, link.GetInfo().ProgramId);
        NetkitPair.TrafficUntil(() => after.Runs >= 5 && replacement.Runs >= 5);
        long runs = middle.Runs, more = after.Runs + 5;
        NetkitPair.TrafficUntil(() => after.Runs >= more);
        Assert.Equal(runs, middle.Runs);
        Assert.Equal(Errno.ESTALE, Assert.Throws<BpfAttachException>(
            () => DeviceLinkAttacher.Attach(middle.Source, device, BpfAttachType.NetkitPrimary, AttachOrder.Last with { ExpectedRevision = 999 })).Errno);

        static AttachedProgram Netkit(int returns) => new(BpfProgramType.SchedCls, BpfAttachType.NetkitPrimary, returns: returns);
    }

    [Fact]
    public void Netkit_runs_the_programs_of_both_ends()
    {
        Requires.Function("netkit_link_attach", "netkit (Linux 6.7)");
        using var pair = new NetkitPair();
        NetworkInterface device = NetworkInterface.Find(NetkitPair.Primary);
        using var primary = new AttachedProgram(BpfProgramType.SchedCls, BpfAttachType.NetkitPrimary, returns: Next);
        using var peer = new AttachedProgram(BpfProgramType.SchedCls, BpfAttachType.NetkitPeer, returns: Next);
        using (BpfLink first = DeviceLinkAttacher.Attach(primary.Source, device, BpfAttachType.NetkitPrimary, AttachOrder.Last))
        using (BpfLink second = DeviceLinkAttacher.Attach(peer.Source, device, BpfAttachType.NetkitPeer, AttachOrder.Last))
        {
            Assert.Equal(BpfLinkType.Netkit, second.GetInfo().Type);
            NetkitPair.TrafficUntil(() => primary.Runs >= 5 && peer.Runs >= 5);
        }

        (long a, long b) = (primary.Runs, peer.Runs);
        NetkitPair.Traffic(5);
        Assert.Equal((a, b), (primary.Runs, peer.Runs));
    }

    private static void Until(TestNetwork network, TrafficDirection direction, Func<bool> seen)
    {
        if (direction == TrafficDirection.Ingress) network.ReceiveUntil(seen);
        else network.SendUntil(seen);
    }

    private static void Traffic(TestNetwork network, TrafficDirection direction)
    {
        if (direction == TrafficDirection.Ingress) network.Receive(5);
        else network.Send(5);
    }

    private static string Qdiscs(TestNetwork network) => Shell.Run($"tc qdisc show dev {network.Device}");
}
