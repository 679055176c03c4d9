using System;
using System.Net;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class LwtTests : KernelTest
{
    private const int Ok = 0, Drop = 2; // BPF_OK, BPF_DROP

    private static readonly IPNetwork Route = new(IPAddress.Parse("198.51.100.0"), 24);

    [Theory]
    [InlineData(BpfProgramType.LwtOut)]
    [InlineData(BpfProgramType.LwtXmit)]
    public void Packets_by_the_route_run_the_program_until_it_is_disposed(BpfProgramType type)
    {
        Requires.Function("bpf_lwt_push_ip_encap", "CONFIG_LWTUNNEL_BPF");
        using var network = new TestNetwork();
        using var program = new AttachedProgram(type, returns: Ok);
        using (BpfLink link = LwtAttacher.Attach(program.Source, Route, NetworkInterface.Find(network.Device), new LwtOptions { Gateway = IPAddress.Parse("203.0.113.2") }))
        {
            Assert.False(link.IsKernelLink);
            Assert.Contains("encap bpf", Shell.Run("ip route show 198.51.100.0/24"), StringComparison.Ordinal);
            for (int i = 0; program.Runs < 5; i++)
            {
                Assert.True(i < 200, "1,000 packets were sent in vain");
                TestNetwork.Send("198.51.100.7", 5);
            }

            var taken = Assert.Throws<BpfAttachException>(() => LwtAttacher.Attach(
                program.Source, Route, NetworkInterface.Find(network.Device), new LwtOptions { Gateway = IPAddress.Parse("203.0.113.2") }));
            Assert.Equal(BpfDiagnosticId.AlreadyAttached, taken.Id);
        }

        Assert.Equal("", Shell.Run("ip route show 198.51.100.0/24"));
    }

    [Fact]
    public void Packets_that_come_in_by_a_route_run_the_program()
    {
        Requires.Function("bpf_lwt_push_ip_encap", "CONFIG_LWTUNNEL_BPF");
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.LwtIn, returns: Drop);
        string forwarding = $"/proc/sys/net/ipv4/conf/{network.Device}/forwarding";
        System.IO.File.WriteAllText(forwarding, "1");
        // What comes in for elsewhere is looked up, and goes through the route's program before it is forwarded.
        Shell.Run($"ip -n {System.IO.Path.GetFileName(network.NamespacePath)} route add 198.51.100.0/24 via 203.0.113.1");
        using (LwtAttacher.Attach(program.Source, Route, NetworkInterface.Find(network.Device), new LwtOptions { Gateway = IPAddress.Parse("203.0.113.2") }))
        {
            for (int i = 0; program.Runs < 5; i++)
            {
                Assert.True(i < 200, "1,000 packets were sent in vain");
                network.Inside(() => TestNetwork.Send("198.51.100.7", 5));
            }
        }
    }

    [Fact]
    public void What_cannot_be_routed_is_named()
    {
        Requires.Function("bpf_lwt_push_ip_encap", "CONFIG_LWTUNNEL_BPF");
        using var network = new TestNetwork();
        using var wrong = new AttachedProgram(BpfProgramType.SchedCls);
        var error = Assert.Throws<BpfAttachException>(() => LwtAttacher.Attach(wrong.Source, Route, NetworkInterface.Find(network.Device), new LwtOptions()));
        Assert.Contains("route to 198.51.100.0/24", error.Message, StringComparison.Ordinal);
        using BpfObject bpf = TestObjects.Open("hook_socket").Load();
        Assert.Equal(BpfDiagnosticId.NoSuchInterface, Assert.Throws<BpfAttachException>(() => bpf.Programs["tunnel_in"].AttachLwt(Route, "none-such")).Id);
    }
}
