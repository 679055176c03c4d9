using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

public sealed class LwtTests : KernelTest
{
    private const int Ok = 0, Drop = 2; // BPF_OK, BPF_DROP
    private const int XdpPass = 2;

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
        File.WriteAllText(forwarding, "1");
        // What comes in for elsewhere is looked up, and goes through the route's program before it is forwarded.
        Shell.Run($"ip -n {Path.GetFileName(network.NamespacePath)} route add 198.51.100.0/24 via 203.0.113.1");
        using (LwtAttacher.Attach(program.Source, Route, NetworkInterface.Find(network.Device), new LwtOptions { Gateway = IPAddress.Parse("203.0.113.2") }))
        {
            for (int i = 0; program.Runs < 5; i++)
            {
                Assert.True(i < 200, "1,000 packets were sent in vain");
                network.Inside(() => TestNetwork.Send("198.51.100.7", 5));
            }
        }
    }

    // Packets go from here by way of the segment fd00:98::1, whose route at the peer has the program, and from there back to here.
    [Theory]
    [InlineData(Ok)]
    [InlineData(Drop)]
    public void Packets_for_a_segment_run_the_program(int verdict)
    {
        Requires.Function("input_action_end_bpf", "CONFIG_IPV6_SEG6_BPF");
        using var network = new TestNetwork();
        using var program = new AttachedProgram(BpfProgramType.LwtSeg6Local, returns: verdict);
        using var back = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, CountReturned, returns: XdpPass);
        string there = $"ip -n {Path.GetFileName(network.NamespacePath)} -6";
        string address = Shell.Run($"{there} -br link show {network.Peer}").Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        Shell.Run($"ip -6 address add fd00:97::1/64 dev {network.Device} nodad");
        Shell.Run($"ip -6 neighbour add fd00:97::2 lladdr {address} dev {network.Device}");
        Shell.Run($"ip -6 route add fd00:98::/64 via fd00:97::2 dev {network.Device}");
        Shell.Run($"ip -6 route add fd00:96::/64 encap seg6 mode inline segs fd00:98::1 via fd00:97::2 dev {network.Device}");
        Shell.Run($"{there} address add fd00:97::2/64 dev {network.Peer} nodad");
        Shell.Run($"{there} neighbour add fd00:97::1 lladdr {File.ReadAllText($"/sys/class/net/{network.Device}/address").Trim()} dev {network.Peer}");
        Shell.Run($"{there} route add fd00:96::/64 via fd00:97::1 dev {network.Peer}");
        BpfLink? link = null;
        network.Inside(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1");
            link = LwtAttacher.Attach(program.Source, new IPNetwork(IPAddress.Parse("fd00:98::1"), 128), NetworkInterface.Find(network.Peer), new LwtOptions());
        });

        using (link)
        using (XdpAttacher.Attach(back.Source, NetworkInterface.Find(network.Device), new XdpOptions()))
        {
            Assert.Contains("End.BPF", Shell.Run($"{there} route show fd00:98::1"), StringComparison.Ordinal);
            using var sender = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            for (int i = 0; program.Runs < 5 || (verdict == Ok && back[1] < 5); i++)
            {
                Assert.True(i < 1000, $"1,000 packets were sent, the program ran {program.Runs} times, and {back[1]} came back");
                sender.SendTo(new byte[8], new IPEndPoint(IPAddress.Parse("fd00:96::1"), 9));
                Thread.Sleep(i / 100);
            }

            Assert.Equal(verdict == Ok, back[1] > 0);
        }

        Assert.Equal("", Shell.Run($"{there} route show fd00:98::1"));
    }

    [Fact]
    public void What_cannot_be_routed_is_named()
    {
        Requires.Function("bpf_lwt_push_ip_encap", "CONFIG_LWTUNNEL_BPF");
        using var network = new TestNetwork();
        using var wrong = new AttachedProgram(BpfProgramType.SchedCls);
        var error = Assert.Throws<BpfAttachException>(() => LwtAttacher.Attach(wrong.Source, Route, NetworkInterface.Find(network.Device), new LwtOptions()));
        Assert.Contains("route to 198.51.100.0/24", error.Message, StringComparison.Ordinal);
        using BpfObject bpf = TestObjects.Load("hook_socket");
        Assert.Equal(BpfDiagnosticId.NoSuchInterface, Assert.Throws<BpfAttachException>(() => bpf.Programs["tunnel_in"].AttachLwt(Route, "none-such")).Id);
    }

    // Number 1: packets of IPv6 to fd00:96::/32.
    private static void CountReturned(BpfAssembler code) => code
        .Load(BpfAccessSize.Word, R2, R6, 0).Load(BpfAccessSize.Word, R3, R6, 4)
        .Move(R4, R2).Alu(BpfAluOperation.Add, R4, 54).JumpIf(BpfCondition.Greater, R4, R3, "out")
        .Load(BpfAccessSize.HalfWord, R4, R2, 12).JumpIf(BpfCondition.NotEqual, R4, 0xdd86, "out")
        .Load(BpfAccessSize.Word, R4, R2, 38).JumpIf32(BpfCondition.NotEqual, R4, unchecked((int)0x960000fd), "out")
        .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 8, R1);
}
