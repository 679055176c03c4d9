using System;
using System.Globalization;
using System.Net;
using Bpf.Loader.Buffers.Xsk;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>A network device has a name of 15 bytes, alternative names of up to 127 (Linux 5.5), and a number.</summary>
[AnyKernel]
public sealed class DeviceNameTests : KernelTest
{
    private const int XdpPass = 2;

    private static readonly string LongName = "enterprise-" + new string('x', 116);

    [Fact]
    public void A_device_is_found_by_every_name_that_the_kernel_knows()
    {
        using TestNetwork network = Network();
        var device = new NetworkInterface(network.DeviceIndex, network.Device);
        foreach (string name in Names(network)) Assert.Equal(device, NetworkInterface.Find(name));
        Assert.Equal(device, NetworkInterface.Of(network.DeviceIndex));
        network.Inside(() => Assert.Equal(network.Peer, NetworkInterface.Find(network.Peer).Name));
        foreach (string name in (string[])[LongName + "x", LongName[..^1], "", "a/b", "123456789", "99999999999", "-1", "a\0b"])
            Assert.Equal(BpfDiagnosticId.NoSuchInterface, Assert.Throws<BpfAttachException>(() => NetworkInterface.Find(name)).Id);
        Assert.Contains(LongName, Assert.Throws<BpfAttachException>(() => NetworkInterface.Find(LongName[..^1])).CloseNames);
    }

    [Fact]
    public void Programs_run_on_a_device_by_each_of_its_names()
    {
        using TestNetwork network = Network();
        using BpfObject xdp = TestObjects.Open("hook_xdp").Load(), tc = TestObjects.Open("hook_tc").Load();
        foreach (string name in Names(network))
        {
            using (BpfLink link = xdp.Programs["xdp_plain"].AttachXdp(name)) Assert.Contains(network.Device, link.Target, StringComparison.Ordinal);
            Assert.Equal(network.Device, HookQuery.OfXdp(name).InterfaceName);
        }

        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass);
        using (XdpAttacher.Attach(program.Source, NetworkInterface.Find(LongName), new XdpOptions())) network.ReceiveUntil(() => program.Runs > 0);
        using (BpfTcLink link = tc.Programs["tc_plain"].AttachTc(LongName, TrafficDirection.Ingress)) Assert.Contains(network.Device, link.Target, StringComparison.Ordinal);
    }

    [Fact]
    public void Tcx_takes_each_name()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using TestNetwork network = Network();
        using BpfObject tc = TestObjects.Open("hook_tc").Load();
        BpfProgram program = tc.Programs["tcx_ingress"];
        foreach (string name in Names(network))
        {
            using (BpfLink link = program.AttachTcx(name, TrafficDirection.Ingress))
            {
                Assert.Contains(network.Device, link.Target, StringComparison.Ordinal);
                Assert.Equal(program.Id, Assert.Single(HookQuery.OfDevice(name, BpfAttachType.TcxIngress).Programs).ProgramId);
            }

            Good("net", "attach", "tcx_ingress", "id", program.Id.ToString(CultureInfo.InvariantCulture), "dev", name);
            Assert.Equal(program.Id, Assert.Single(HookQuery.OfDevice(network.Device, BpfAttachType.TcxIngress).Programs).ProgramId);
            Good("net", "detach", "tcx_ingress", "dev", name);
            Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxIngress).Programs);
        }
    }

    [Fact]
    public void Netkit_takes_each_name()
    {
        Requires.Function("netkit_link_attach", "netkit (Linux 6.7)");
        using var pair = new NetkitPair();
        Shell.Run($"ip link property add dev {NetkitPair.Primary} altname {LongName}");
        BpfObjectFile file = TestObjects.Open("hook_tc");
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == "netkit_primary";
        using BpfObject bpf = file.Load();
        foreach (string name in (string[])[NetkitPair.Primary, LongName])
        {
            using BpfLink link = bpf.Programs["netkit_primary"].AttachNetkit(name);
            Assert.Contains(NetkitPair.Primary, link.Target, StringComparison.Ordinal);
            Assert.Equal(link.Id, Assert.Single(HookQuery.OfDevice(NetkitPair.Primary, BpfAttachType.NetkitPrimary).Programs).LinkId);
        }
    }

    [Fact]
    public void Routes_take_each_name()
    {
        Requires.Function("bpf_lwt_push_ip_encap", "CONFIG_LWTUNNEL_BPF");
        using TestNetwork network = Network();
        BpfObjectFile file = TestObjects.Open("hook_socket");
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == "tunnel_xmit";
        using BpfObject bpf = file.Load();
        foreach (string name in Names(network))
        {
            using (bpf.Programs["tunnel_xmit"].AttachLwt(IPNetwork.Parse("198.51.100.0/24"), name, new LwtOptions { Gateway = IPAddress.Parse("203.0.113.2") }))
                Assert.Contains($"dev {network.Device}", Shell.Run("ip route show 198.51.100.0/24"), StringComparison.Ordinal);
            Assert.Equal("", Shell.Run("ip route show 198.51.100.0/24"));
        }
    }

    [Fact]
    public void Sockets_of_xdp_take_each_name()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        var options = new XskOptions { CopyMode = XskCopyMode.Copy, RingSize = 64, Sockets = 2 };
        for (int i = 0; i < 4; i++)
        {
            // The kernel gives a queue back a while after its socket is gone: so each name has a device of its own.
            using TestNetwork network = Network();
            using XskSocket socket = XskSocket.Open(Names(network)[i], options);
            Assert.Equal(Errno.EBUSY, Assert.Throws<BpfException>(() => XskSocket.Open(network.Device, options)).Errno);
            if (i > 0) continue;
            using TestNetwork other = Network(LongName[..^1] + "y");
            using XskSocket shared = socket.OpenShared(LongName[..^1] + "y");
        }

        Assert.Equal(Errno.ENODEV, Assert.Throws<BpfException>(() => XskSocket.Open(LongName + "x", options)).Errno);
    }

    [Fact]
    public void The_command_takes_each_name_and_shows_the_real_one()
    {
        using TestNetwork network = Network();
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass);
        foreach (string name in Names(network))
        {
            Good("net", "attach", "xdpgeneric", "id", program.Id.ToString(CultureInfo.InvariantCulture), "dev", name);
            Assert.Contains(network.Device, Good("net", "show", "dev", name), StringComparison.Ordinal);
            Good("net", "detach", "xdpgeneric", "dev", name);
        }

        BpfTool missing = BpfTool.Run("net", "show", "dev", LongName + "x");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no network device", missing.Error, StringComparison.Ordinal);
    }

    private static string[] Names(TestNetwork network) =>
        [network.Device, "größe.1:x", LongName, network.DeviceIndex.ToString(CultureInfo.InvariantCulture)];

    private static TestNetwork Network() => Network(LongName, "größe.1:x");

    private static TestNetwork Network(params string[] names)
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(5, 5), "needs alternative names (Linux 5.5)");
        var network = new TestNetwork();
        try
        {
            Shell.Run($"ip link property add dev {network.Device} altname {string.Join(" altname ", names)}");
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
