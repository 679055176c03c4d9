using System;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class XdpTests : KernelTest
{
    private const int Pass = 2, Drop = 1;

    public static TheoryData<XdpMode, bool> Ways => new MatrixTheoryData<XdpMode, bool>([XdpMode.Default, XdpMode.Generic, XdpMode.Native], [false, true]);

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_device_runs_the_program_until_it_is_disposed(XdpMode mode, bool useNetlink)
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        using (BpfLink link = XdpAttacher.Attach(program.Source, NetworkInterface.Find(network.Device), new XdpOptions { Mode = mode, UseNetlink = useNetlink }))
        {
            Assert.Equal(!useNetlink, link.IsKernelLink);
            Assert.Equal(mode == XdpMode.Generic, Shell.Run($"ip link show {network.Device}").Contains("xdpgeneric", StringComparison.Ordinal));
            network.ReceiveUntil(() => program.Runs >= 5);
        }

        long runs = program.Runs;
        network.Receive(5);
        Assert.Equal(runs, program.Runs);
        Assert.DoesNotContain("xdp", Shell.Run($"ip link show {network.Device}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_tells_what_it_is_and_is_updated_if_the_expected_program_runs()
    {
        using var network = new TestNetwork();
        using var first = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        using var second = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Drop);
        using BpfLink link = XdpAttacher.Attach(first.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        var info = Assert.IsType<DeviceLinkInfo>(link.GetInfo());
        Assert.Equal((BpfLinkType.Xdp, (uint)network.DeviceIndex, link.Id), (info.Type, info.InterfaceIndex, info.Id));
        Assert.Contains(link.Id, BpfLink.EnumerateIds());

        var error = Assert.Throws<BpfException>(() => link.Update(second.Source.Handle, second.Source.Handle));
        Assert.Equal(Errno.EPERM, error.Errno);
        link.Update(second.Source.Handle, first.Source.Handle);
        Assert.NotEqual(info.ProgramId, link.GetInfo().ProgramId);
        long runs = first.Runs;
        network.ReceiveUntil(() => second.Runs >= 3);
        Assert.Equal(runs, first.Runs);
    }

    [Fact]
    public void A_program_that_is_bound_to_a_device_is_for_no_other()
    {
        Requires.Function("bpf_prog_dev_bound_init", "programs that are bound to a device (Linux 6.3)");
        using TestNetwork network = new(), other = new();
        BpfObjectFile file = TestObjects.Open("hook_xdp");
        foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == "xdp_plain";
        file.Programs["xdp_plain"].InterfaceIndex = (uint)network.DeviceIndex;
        file.Programs["xdp_plain"].Flags = BpfProgramFlags.XdpDeviceBoundOnly;
        using BpfObject bpf = file.Load();
        BpfProgram program = bpf.Programs["xdp_plain"];
        Assert.Throws<BpfAttachException>(() => program.AttachXdp(other.Device));
        using BpfLink link = program.AttachXdp(network.Device, new XdpOptions { Mode = XdpMode.Native });
        network.ReceiveUntil(() => bpf.Maps["packets"].AsPerCpu<uint, ulong>() is var counts && Sum(counts) >= 5);

        // A device that cannot run programs itself refuses them.
        file.Programs["xdp_plain"].Flags = BpfProgramFlags.None;
        Assert.Throws<BpfException>(() => file.Load());
    }

    [Fact]
    public void Whoever_is_there_is_named()
    {
        using var network = new TestNetwork();
        using var first = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        using var second = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        NetworkInterface device = NetworkInterface.Find(network.Device);
        uint id;
        using (BpfLink link = XdpAttacher.Attach(first.Source, device, new XdpOptions()))
        {
            id = link.GetInfo().ProgramId;
            foreach (bool useNetlink in (bool[])[false, true])
            {
                var error = Assert.Throws<BpfAttachException>(() => XdpAttacher.Attach(second.Source, device, new XdpOptions { UseNetlink = useNetlink }));
                Assert.Equal(BpfDiagnosticId.AlreadyAttached, error.Id);
                Assert.Contains($"(program {id} 'attached')", error.Message, StringComparison.Ordinal);
            }
        }

        using BpfLink older = XdpAttacher.Attach(first.Source, device, new XdpOptions { UseNetlink = true });
        var busy = Assert.Throws<BpfAttachException>(() => XdpAttacher.Attach(second.Source, device, new XdpOptions { UseNetlink = true }));
        Assert.Equal(BpfDiagnosticId.AlreadyAttached, busy.Id);
        using (XdpAttacher.Attach(second.Source, device, new XdpOptions { UseNetlink = true, ReplaceAny = true }))
        {
            network.ReceiveUntil(() => second.Runs >= 2);
        }

        // What somebody else has replaced is no longer ours to take away.
        using BpfLink third = XdpAttacher.Attach(second.Source, device, new XdpOptions { UseNetlink = true });
        older.Dispose();
        long runs = second.Runs;
        network.ReceiveUntil(() => second.Runs > runs);
    }

    [Fact]
    public void A_device_that_is_not_there_is_named()
    {
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        var error = Assert.Throws<BpfAttachException>(() => NetworkInterface.Find("loo"));
        Assert.Equal((BpfDiagnosticId.NoSuchInterface, "lo"), (error.Id, error.CloseNames[0]));
        error = Assert.Throws<BpfAttachException>(() => XdpAttacher.Attach(program.Source, NetworkInterface.Of(1 << 30), new XdpOptions()));
        Assert.Equal(BpfDiagnosticId.NoSuchInterface, error.Id);
    }

    [Fact]
    public void A_forced_detach_leaves_a_link_that_does_nothing()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        using BpfLink link = XdpAttacher.Attach(program.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        link.Detach();
        Assert.Equal(0u, Assert.IsType<DeviceLinkInfo>(link.GetInfo()).InterfaceIndex);
        long runs = program.Runs;
        network.Receive(2);
        Assert.Equal(runs, program.Runs);
        Assert.Equal(Errno.ENOLINK, Assert.Throws<BpfException>(() => link.Update(program.Source.Handle, null)).Errno);
    }

    [Fact]
    public void A_device_of_another_namespace_is_reached_from_inside()
    {
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass);
        BpfLink? link = null;
        network.Inside(() => link = XdpAttacher.Attach(program.Source, NetworkInterface.Find(network.Peer), new XdpOptions { UseNetlink = true }));
        network.SendUntil(() => program.Runs >= 3);
        link!.Dispose();
        long runs = program.Runs;
        network.Send(3);
        Assert.Equal(runs, program.Runs);
    }

    private static ulong Sum(BpfPerCpuMap<uint, ulong> counts)
    {
        ulong sum = 0;
        foreach (var (_, values) in counts) sum += values.Sum();
        return sum;
    }
}
