using System;
using System.IO;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf net --netns</c>: programs of another network namespace.</summary>
[AnyKernel]
public sealed class NamespaceTests : KernelTest
{
    private const int XdpPass = 2, TcxNext = -1;

    [Fact]
    public void Programs_of_another_namespace_are_attached_listed_and_detached()
    {
        using var network = new TestNetwork();
        using AttachedProgram xdp = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass), lookup = new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1);
        using BpfLink link = NetnsAttacher.Attach(lookup.Source, network.NamespacePath);
        string[] there = ["--netns", network.NamespacePath];
        Good(["net", "attach", "xdpgeneric", "id", $"{xdp.Id}", "dev", network.Peer, .. there]);
        SendUntilRun(network, xdp);
        Assert.Contains(network.Peer, Good(["net", .. there]), StringComparison.Ordinal);
        Assert.Equal(Good(["net", .. there]), Good(["net", .. there, "show"]));
        Assert.DoesNotContain(network.Peer, Good("net"), StringComparison.Ordinal);
        Assert.Contains($"{xdp.Id}", Good(["net", "show", "dev", network.Peer, .. there]), StringComparison.Ordinal);
        Assert.Equal(1, BpfTool.Run("net", "show", "dev", network.Peer).ExitCode);
        Assert.Equal(1, BpfTool.Run(["net", "show", "dev", network.Device, .. there]).ExitCode);

        // The whole namespace has what its process would see there.
        string inside = Shell.Run($"ip netns exec {Path.GetFileName(network.NamespacePath)} {BpfTool.Path} net --json");
        Assert.Equal(inside, Good(["net", "--json", .. there]));
        Assert.Contains($"{lookup.Id}", inside, StringComparison.Ordinal);
        Good(["net", "detach", "xdpgeneric", "dev", network.Peer, .. there]);
        Assert.DoesNotContain(network.Peer, Good(["net", .. there]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_namespace_of_a_process_is_meant_by_its_number()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        using AttachedProgram program = new(BpfProgramType.SchedCls, returns: TcxNext);
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("ip", ["netns", "exec", Path.GetFileName(network.NamespacePath), "sleep", "infinity"]);
        try
        {
            // It goes there after it has started.
            System.Threading.SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{process.Id}/comm") == "sleep\n");
            string[] there = ["--netns", $"{process.Id}"];
            Good(["net", "attach", "tcx_ingress", "id", $"{program.Id}", "dev", network.Peer, .. there]);
            SendUntilRun(network, program);
            Assert.Contains("tcx/ingress", Good(["net", "--json", .. there]), StringComparison.Ordinal);
            Assert.DoesNotContain($"\"{network.Peer}\"", Good("net", "--json"), StringComparison.Ordinal);
            Good(["net", "detach", "tcx_ingress", "dev", network.Peer, .. there]);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    // A device that has just come up drops what is sent until the kernel's own work on it is done, which waits for a busy machine.
    private static void SendUntilRun(TestNetwork network, AttachedProgram program)
    {
        for (int tries = 0; program.Runs < 5; tries++)
        {
            Assert.True(tries < 60_000, "The program never ran: it is attached elsewhere.");
            network.Send(5);
            System.Threading.Thread.Sleep(1);
        }
    }

    [Theory]
    [InlineData("/run/netns/no-such-namespace", "ip netns")]
    [InlineData("/proc/self/ns/mnt", "no network namespace")]
    [InlineData("/run/netns/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", "Give a path such as")]
    [InlineData("2147483646", "There is no process 2147483646")]
    public void What_is_no_namespace_is_said(string space, string words)
    {
        BpfTool tool = BpfTool.Run("net", "--netns", space);
        Assert.Equal((1, ""), (tool.ExitCode, tool.Output));
        string error = string.Join(' ', tool.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(space, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }
}
