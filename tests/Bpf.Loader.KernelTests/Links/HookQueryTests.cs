using System;
using System.Linq;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class HookQueryTests : KernelTest
{
    private const int Allow = 1, Pass = 0, XdpPass = 2;

    [Fact]
    public void Programs_of_a_cgroup_are_told_in_their_order_with_those_of_the_cgroups_above()
    {
        using var cgroup = new TestCgroup();
        string below = cgroup.Path + "/below";
        System.IO.Directory.CreateDirectory(below);
        try
        {
            using AttachedProgram linked = Connect(), older = Connect(), child = Connect();
            using BpfLink link = CgroupAttacher.Attach(linked.Source, cgroup.Path, new CgroupOptions());
            using BpfLink attached = CgroupAttacher.Attach(older.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Multiple });
            using BpfLink other = CgroupAttacher.Attach(child.Source, below, new CgroupOptions());

            HookState state = HookQuery.OfCgroup(cgroup.Path, BpfAttachType.CgroupInet4Connect);
            Assert.Equal((BpfAttachType.CgroupInet4Connect, HookFlags.AllowMulti), (state.AttachType, state.Flags));
            Assert.Equal([linked.Id, older.Id], state.Programs.Select(program => program.ProgramId));
            if (KernelIsAtLeast(6, 0)) Assert.All(state.Programs, program => Assert.Equal(HookFlags.AllowMulti, program.Flags));
            if (KernelIsAtLeast(6, 17)) Assert.True(state.Revision > 0);

            HookState effective = HookQuery.OfCgroup(below, BpfAttachType.CgroupInet4Connect, effective: true);
            Assert.Equal([linked.Id, older.Id, child.Id], effective.Programs.Select(program => program.ProgramId).Order());
            Assert.Empty(HookQuery.OfCgroup(below, BpfAttachType.CgroupInet6Connect).Programs);
        }
        finally
        {
            System.IO.Directory.Delete(below);
        }
    }

    [Fact]
    public void More_programs_than_usual_are_all_told()
    {
        using var cgroup = new TestCgroup();
        string below = cgroup.Path + "/below";
        System.IO.Directory.CreateDirectory(below);
        var links = new System.Collections.Generic.List<BpfLink>();
        using AttachedProgram program = Connect();
        try
        {
            for (int i = 0; i < 80; i++) links.Add(CgroupAttacher.Attach(program.Source, i < 40 ? cgroup.Path : below, new CgroupOptions()));
            Assert.Equal(80, HookQuery.OfCgroup(below, BpfAttachType.CgroupInet4Connect, effective: true).Programs.Count);
        }
        finally
        {
            links.ForEach(link => link.Dispose());
            System.IO.Directory.Delete(below);
        }
    }

    [Fact]
    public void Programs_of_tcx_are_told_with_their_links_and_a_revision_that_grows()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        NetworkInterface device = NetworkInterface.Find(network.Device);
        using AttachedProgram first = new(BpfProgramType.SchedCls, returns: -1), second = new(BpfProgramType.SchedCls, returns: -1);
        using BpfLink link = DeviceLinkAttacher.Attach(first.Source, device, BpfAttachType.TcxIngress, AttachOrder.Last);
        HookState before = HookQuery.OfDevice(network.Device, BpfAttachType.TcxIngress);
        using BpfLink earlier = DeviceLinkAttacher.Attach(
            second.Source, device, BpfAttachType.TcxIngress, AttachOrder.First with { ExpectedRevision = before.Revision });
        HookState after = HookQuery.OfDevice(network.DeviceIndex, BpfAttachType.TcxIngress);
        Assert.Equal([(first.Id, link.Id)], before.Programs.Select(program => (program.ProgramId, program.LinkId)));
        Assert.Equal([(second.Id, earlier.Id), (first.Id, link.Id)], after.Programs.Select(program => (program.ProgramId, program.LinkId)));
        Assert.True(after.Revision > before.Revision);
        Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxEgress).Programs);
    }

    [Fact]
    public void Programs_of_netkit_are_told()
    {
        Requires.Function("netkit_link_attach", "netkit (Linux 6.7)");
        using var pair = new NetkitPair();
        using var program = new AttachedProgram(BpfProgramType.SchedCls, BpfAttachType.NetkitPeer, returns: -1);
        using BpfLink link = DeviceLinkAttacher.Attach(program.Source, NetworkInterface.Find(NetkitPair.Primary), BpfAttachType.NetkitPeer, AttachOrder.Last);
        HookProgram found = Assert.Single(HookQuery.OfDevice(NetkitPair.Primary, BpfAttachType.NetkitPeer).Programs);
        Assert.Equal((program.Id, link.Id), (found.ProgramId, found.LinkId));
        var refused = Assert.Throws<BpfException>(() => HookQuery.OfDevice("lo", BpfAttachType.NetkitPrimary));
        Assert.Contains("no netkit device", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_of_a_network_namespace_are_told()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1);
        using (NetnsAttacher.Attach(program.Source, network.NamespacePath))
        {
            Assert.Equal([program.Id], HookQuery.OfNetworkNamespace(network.NamespacePath, BpfAttachType.SkLookup).Programs.Select(p => p.ProgramId));
            Assert.Empty(HookQuery.OfNetworkNamespace(null, BpfAttachType.SkLookup).Programs);
        }

        Assert.Empty(HookQuery.OfNetworkNamespace(network.NamespacePath, BpfAttachType.SkLookup).Programs);
        var refused = Assert.Throws<BpfException>(() => HookQuery.OfNetworkNamespace("/proc/self/ns/uts", BpfAttachType.SkLookup));
        Assert.Contains("must be of a network namespace", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_of_a_sockmap_is_told()
    {
        Requires.Function("sock_map_bpf_prog_query", "queries of sockmaps (Linux 5.17)");
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
        using var program = new AttachedProgram(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1);
        using (SockMapAttacher.Attach(program.Source, map))
            Assert.Equal([program.Id], HookQuery.OfMap(map, BpfAttachType.SkSkbStreamVerdict).Programs.Select(p => p.ProgramId));
        Assert.Empty(HookQuery.OfMap(map, BpfAttachType.SkSkbStreamVerdict).Programs);
    }

    [Fact]
    public void Xdp_programs_are_told_by_mode()
    {
        using var network = new TestNetwork();
        using AttachedProgram native = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass), generic = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass);
        Assert.False(HookQuery.OfXdp(network.Device).HasProgram);
        using (XdpAttacher.Attach(generic.Source, NetworkInterface.Find(network.Device), new XdpOptions { Mode = XdpMode.Generic }))
            Assert.Equal((0u, generic.Id), (HookQuery.OfXdp(network.Device).NativeProgramId, HookQuery.OfXdp(network.Device).GenericProgramId));
        using BpfLink link = XdpAttacher.Attach(native.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        XdpDevice device = Assert.Single(HookQuery.XdpDevices(), found => found.InterfaceIndex == network.DeviceIndex);
        Assert.Equal((network.Device, native.Id, 0u, 0u), (device.InterfaceName, device.NativeProgramId, device.GenericProgramId, device.OffloadedProgramId));
        Assert.Contains(HookQuery.XdpDevices(), found => found is { InterfaceName: "lo", HasProgram: false });
    }

    [Fact]
    public void Filters_of_traffic_control_are_told_in_their_order()
    {
        using var network = new TestNetwork();
        Assert.Empty(HookQuery.OfTc(network.Device, TrafficDirection.Ingress));
        using AttachedProgram first = new(BpfProgramType.SchedCls, returns: Pass), second = new(BpfProgramType.SchedCls, returns: Pass);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        using BpfTcLink late = TcAttacher.Attach(first.Source, device, TrafficDirection.Ingress, new TcOptions { Priority = 20, Handle = 7 });
        using BpfTcLink early = TcAttacher.Attach(second.Source, device, TrafficDirection.Ingress, new TcOptions { Priority = 10 });
        Assert.Equal(
            [new TcFilter(device.Index, TrafficDirection.Ingress, 10, early.FilterHandle, second.Id, "attached", true), new(device.Index, TrafficDirection.Ingress, 20, 7, first.Id, "attached", true)],
            HookQuery.OfTc(network.Device, TrafficDirection.Ingress));
        Assert.Empty(HookQuery.OfTc(network.DeviceIndex, TrafficDirection.Egress));
    }

    [Fact]
    public void Probes_that_a_process_holds_are_told()
    {
        using AttachedProgram point = new(BpfProgramType.Tracepoint), probe = new(BpfProgramType.Kprobe), raw = new(BpfProgramType.RawTracepoint);
        using BpfLink first = TracepointAttacher.Attach(point.Source, "sched", "sched_process_exec", 0);
        using BpfLink second = UprobeAttacher.Attach(probe.Source, NativeShims.UprobeTarget, "uprobe_target_add", true, new UprobeOptions());
        using BpfLink third = RawTracepointAttacher.Attach(raw.Source, "sched_switch", 0);
        int self = Environment.ProcessId;
        TaskAttachment[] found = [.. HookQuery.OfTask(self)];
        Assert.Contains(found, a => (a.Kind, a.Name, a.ProgramId) == (TaskAttachmentKind.Tracepoint, "sched_process_exec", point.Id));
        Assert.Contains(found, a => (a.Kind, a.Name, a.ProgramId) == (TaskAttachmentKind.RawTracepoint, "sched_switch", raw.Id));
        TaskAttachment uprobe = Assert.Single(found, a => a.ProgramId == probe.Id);
        Assert.Equal((TaskAttachmentKind.Uretprobe, NativeShims.UprobeTarget, self), (uprobe.Kind, uprobe.Name, uprobe.ProcessId));
        Assert.True(uprobe.Offset > 0);
        Assert.Superset(found.ToHashSet(), HookQuery.OfAllTasks().Where(a => a.ProcessId == self).ToHashSet());
        Assert.Throws<BpfException>(() => HookQuery.OfTask(int.MaxValue));
    }

    [Fact]
    public void What_cannot_be_asked_is_named()
    {
        Assert.Contains("not a cgroup of version 2", Assert.Throws<BpfException>(() => HookQuery.OfCgroup("/tmp", BpfAttachType.CgroupInetEgress)).Message, StringComparison.Ordinal);
        Assert.Equal(BpfDiagnosticId.NoSuchInterface, Assert.Throws<BpfAttachException>(() => HookQuery.OfDevice("none-such", BpfAttachType.TcxEgress)).Id);
        Assert.Equal(BpfDiagnosticId.NoSuchInterface, Assert.Throws<BpfAttachException>(() => HookQuery.OfXdp("none-such")).Id);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => HookQuery.OfLirc("/dev/none-such")).Errno);
        Assert.Contains("no infrared receiver", Assert.Throws<BpfException>(() => HookQuery.OfLirc("/dev/null")).Message, StringComparison.Ordinal);
    }

    private static AttachedProgram Connect() => new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);

    private static bool KernelIsAtLeast(int major, int minor) => Environment.OSVersion.Version >= new Version(major, minor);
}
