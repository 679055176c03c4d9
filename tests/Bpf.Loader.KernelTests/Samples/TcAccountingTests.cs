using System;
using System.Globalization;
using System.Linq;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class TcAccountingTests
{
    private const int PacketBytes = 14 + 20 + 8 + 20; // Ethernet, IP, UDP, and what the test sends

    [Fact]
    public void Counts_go_on_while_no_agent_runs_and_after_a_restart()
    {
        Sample.SkipOnEmulatedCpu();
        using var network = new TestNetwork();
        using var pins = new TestFileSystem();
        using var cgroup = new TestCgroup();
        string name = "/" + System.IO.Path.GetFileName(cgroup.Path);
        Assert.Equal((10, 10 * PacketBytes), Count(10));
        // Links of tcx stay when their agent ends; classifiers of kernels without it do not.
        int alone = BpfFeatures.Probe(BpfAttachType.TcxEgress) == BpfSupport.Yes ? 7 : 0;
        network.Send(alone);
        Assert.Equal((25 + alone, (25 + alone) * PacketBytes), Count(15));
        Assert.Equal((1, PacketBytes), Count(1, "--forget"));

        // Sends packets while it runs; the result is what it tells of the cgroup in the end.
        (long Packets, long Bytes) Count(int packets, params string[] more)
        {
            using Sample accounting = Sample.Start("tc-accounting", [network.Device, "--pins", pins["tc"], .. more]);
            accounting.ReadLine();
            network.Send(packets);
            string line = accounting.Stop().Split('\n').Single(line => line.EndsWith(name, StringComparison.Ordinal));
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }
}
