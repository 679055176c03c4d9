using System;
using System.Linq;
using System.Net;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>What fails halfway leaves nothing behind, and takes nothing away that was there before.</summary>
public sealed class UndoneAttachTests : KernelTest
{
    private const int Pass = 2;

    public static TheoryData<string> Failures => ["duplicate", "answer"];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Xdp_by_netlink_is_not_left_behind(string failure)
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        BpfException error = Refused(failure, () => XdpAttacher.Attach(program.Source, device, new XdpOptions { UseNetlink = true }));
        Assert.DoesNotContain("xdp", Shell.Run($"ip link show {network.Device}"), StringComparison.Ordinal);
        if (failure == "answer") Assert.Contains("answer could not be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_xdp_program_that_was_replaced_is_put_back()
    {
        using var network = new TestNetwork();
        using var first = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        using var second = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        using BpfLink link = XdpAttacher.Attach(first.Source, device, new XdpOptions { UseNetlink = true });
        using BpfProgram expected = BpfProgram.OpenById(first.Id);
        Refused("answer", () => XdpAttacher.Attach(second.Source, device, new XdpOptions { UseNetlink = true, Expected = expected }));
        Assert.Contains($"prog/xdp id {first.Id}", Shell.Run($"ip -d link show {network.Device}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clsact_is_not_left_behind()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.SchedCls);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        Refused("answer", () => TcAttacher.Attach(program.Source, device, TrafficDirection.Ingress, new TcOptions()));
        Assert.DoesNotContain("clsact", Shell.Run($"tc qdisc show dev {network.Device}"), StringComparison.Ordinal);

        // One that was there stays, with what is in it.
        Shell.Run($"tc qdisc add dev {network.Device} clsact");
        using (TcAttacher.Attach(program.Source, device, TrafficDirection.Ingress, new TcOptions()))
        {
            Refused("answer", () => TcAttacher.Attach(program.Source, device, TrafficDirection.Ingress, new TcOptions()));
            Assert.Single(HookQuery.OfTc(network.Device, TrafficDirection.Ingress));
        }

        Assert.Contains("clsact", Shell.Run($"tc qdisc show dev {network.Device}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_of_another_in_the_place_of_ours_stays()
    {
        using var network = new TestNetwork();
        using var first = new AttachedProgram(BpfProgramType.SchedCls);
        using var second = new AttachedProgram(BpfProgramType.SchedCls);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        var options = new TcOptions { Priority = 7, Handle = 3 };
        BpfTcLink link = TcAttacher.Attach(first.Source, device, TrafficDirection.Egress, options);
        using BpfTcLink theirs = TcAttacher.Attach(second.Source, device, TrafficDirection.Egress, options with { Replace = true });
        Assert.Contains($"{second.Id}", Assert.Throws<BpfException>(link.Detach).Message, StringComparison.Ordinal);
        link.Dispose();
        Assert.Equal(second.Id, theirs.QueryProgramId());
    }

    [Fact]
    public void An_xdp_program_of_another_in_the_place_of_ours_stays()
    {
        using var network = new TestNetwork();
        using var first = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        using var second = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        BpfLink link = XdpAttacher.Attach(first.Source, device, new XdpOptions { UseNetlink = true });
        using BpfLink theirs = XdpAttacher.Attach(second.Source, device, new XdpOptions { UseNetlink = true, ReplaceAny = true });
        Assert.Throws<BpfException>(link.Detach);
        link.Dispose();
        Assert.Contains($"prog/xdp id {second.Id}", Shell.Run($"ip -d link show {network.Device}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_of_another_in_the_place_of_ours_stays()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.LwtXmit);
        var destination = IPNetwork.Parse("198.51.100.0/24");
        BpfLink link = LwtAttacher.Attach(program.Source, destination, NetworkInterface.Find(network.Device), new LwtOptions());
        Shell.Run($"ip route replace {destination} dev {network.Device} proto static scope link");
        link.Dispose();
        Assert.Contains(network.Device, Shell.Run($"ip route show {destination}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CgroupAttachMode.Multiple)]
    [InlineData(CgroupAttachMode.Overridable)]
    [InlineData(CgroupAttachMode.Exclusive)]
    public void A_program_of_a_cgroup_is_not_left_behind_and_replaces_none_unasked(CgroupAttachMode mode)
    {
        using var cgroup = new TestCgroup();
        using AttachedProgram first = Connect(), second = Connect();
        Refused("duplicate", () => CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions { Mode = mode }));
        Assert.Empty(Programs());
        if (mode == CgroupAttachMode.Multiple) return;

        using BpfLink link = CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions { Mode = mode });
        var error = Assert.Throws<BpfAttachException>(() => CgroupAttacher.Attach(second.Source, cgroup.Path, new CgroupOptions { Mode = mode }));
        Assert.Equal(BpfDiagnosticId.AlreadyAttached, error.Id);
        Assert.Contains($"program {first.Id}", error.Message, StringComparison.Ordinal);
        Assert.Equal([first.Id], Programs());
        using BpfProgram expected = BpfProgram.OpenById(first.Id);
        using BpfLink asked = CgroupAttacher.Attach(second.Source, cgroup.Path, new CgroupOptions { Mode = mode, Replace = expected });
        Assert.Equal([second.Id], Programs());

        uint[] Programs() => [.. HookQuery.OfCgroup(cgroup.Path, BpfAttachType.CgroupInet4Connect).Programs.Select(found => found.ProgramId)];
        static AttachedProgram Connect() => new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: 1);
    }

    [Fact]
    public void A_program_of_a_sockmap_replaces_none_unasked()
    {
        Requires.Function("sock_map_bpf_prog_query", "an answer to who is attached to a sockmap (Linux 5.18)");
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", MaxEntries = 2 });
        using AttachedProgram first = Verdict(), second = Verdict();
        using BpfProgram one = BpfProgram.OpenById(first.Id), two = BpfProgram.OpenById(second.Id);
        HookAttach.ToMap(one, map, BpfAttachType.SkSkbStreamVerdict);
        Assert.Contains($"program {first.Id}", Assert.Throws<BpfAttachException>(() => SockMapAttacher.Attach(second.Source, map)).Message, StringComparison.Ordinal);
        Assert.Equal(BpfDiagnosticId.AlreadyAttached, Assert.Throws<BpfAttachException>(() => HookAttach.ToMap(two, map, BpfAttachType.SkSkbStreamVerdict)).Id);
        Assert.Equal(first.Id, Assert.Single(HookQuery.OfMap(map, BpfAttachType.SkSkbStreamVerdict).Programs).ProgramId);
        HookDetach.FromMap(map, BpfAttachType.SkSkbStreamVerdict, one);

        static AttachedProgram Verdict() => new(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1);
    }

    // On a thread on which either descriptors cannot be duplicated, or answers of netlink cannot be read.
    private static BpfException Refused(string failure, Action attach)
    {
        BpfException? error = null;
        void Attach() => error = Assert.ThrowsAny<BpfException>(attach);
        if (failure == "duplicate") FailingCall.While(FailingCall.FileControl, Errno.EMFILE, FailingCall.Duplicate, Attach);
        else FailingCall.While(FailingCall.ReceiveFrom, Errno.ENOMEM, null, Attach);
        return error!;
    }
}
