using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

public sealed class ProgramRunTests : KernelTest
{
    private const uint XdpPass = 2, XdpTransmit = 3;

    [Fact]
    public void A_program_of_type_syscall_changes_the_callers_struct()
    {
        using BpfObject bpf = TestObjects.Load("hook_syscall");
        var arguments = new Arguments { Left = 40, Right = 2 };
        Assert.Equal(42u, bpf.Programs["add"].Run(ref arguments));
        Assert.Equal(42ul, arguments.Sum);

        byte[] context = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(context, 5);
        BpfTestRunResult result = bpf.Programs["add"].TestRun(new BpfTestRunOptions { Context = context });
        Assert.Equal((42u, 5ul), (result.ReturnValue, BinaryPrimitives.ReadUInt64LittleEndian(result.Context.Span[16..])));
        Assert.Equal(0ul, BinaryPrimitives.ReadUInt64LittleEndian(context.AsSpan(16))); // the caller's own stays as it is
    }

    [Fact]
    public void A_packet_is_given_back_as_often_as_it_was_asked()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp", "xdp_plain");
        BpfProgram program = bpf.Programs["xdp_plain"];
        byte[] packet = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];
        using BpfRunStatistics statistics = BpfRunStatistics.Enable();
        BpfTestRunResult result = program.TestRun(new BpfTestRunOptions { Data = packet, Repeat = 1000 });
        Assert.Equal((XdpPass, false), (result.ReturnValue, result.IsTruncated));
        Assert.Equal(packet, result.Data.ToArray());
        ulong count = 0;
        foreach (var (_, values) in bpf.Maps["packets"].AsPerCpu<uint, ulong>()) count += values.Sum();
        Assert.Equal(1000ul, count);

        BpfTestRunResult part = program.TestRun(new BpfTestRunOptions { Data = packet, OutputSize = 20 });
        Assert.Equal((true, 20), (part.IsTruncated, part.Data.Length));
        Assert.Equal(packet[..20], part.Data.ToArray());
    }

    [Fact]
    public void A_context_goes_with_the_packet()
    {
        using BpfObject bpf = TestObjects.Load("hook_tc");
        // struct __sk_buff, with its member priority.
        byte[] context = new byte[192];
        const int Priority = 32;
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(Priority), 77);
        BpfTestRunResult result = bpf.Programs["tc_plain"].TestRun(new BpfTestRunOptions { Data = new byte[64], Context = context });
        Assert.Equal(0u, result.ReturnValue);
        Assert.Equal(77u, BinaryPrimitives.ReadUInt32LittleEndian(result.Context.Span[Priority..]));
        Assert.Equal(1ul, bpf.Globals["packets"].Get<ulong>());
    }

    [Fact]
    public void Live_frames_are_sent()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(5, 18), "live frames came with Linux 5.18");
        using var network = new TestNetwork();
        using var receiver = new Links.AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: 1);
        using var sender = new Links.AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: (int)XdpTransmit);
        BpfLink? link = null;
        network.Inside(() => link = Loader.Links.XdpAttacher.Attach(receiver.Source, NetworkInterface.Find(network.Peer), new Loader.Links.XdpOptions()));
        using (link)
        {
            // A device that transmits for XDP has a program of its own, here and at the other end.
            using BpfLink here = Loader.Links.XdpAttacher.Attach(sender.Source, NetworkInterface.Find(network.Device), new Loader.Links.XdpOptions());
            using BpfProgram program = BpfProgram.OpenById(sender.Id);
            // struct xdp_md: the packet, then where it came in.
            byte[] context = new byte[24];
            BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(4), 64);
            BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(12), (uint)network.DeviceIndex);
            program.TestRun(new BpfTestRunOptions { Data = new byte[64], Context = context, LiveFrames = true, Repeat = 10 });
            for (int i = 0; receiver.Runs < 10; i++)
            {
                Assert.True(i < 5000, $"{receiver.Runs} of 10 packets came");
                System.Threading.Thread.Sleep(1);
            }
        }
    }

    [Fact]
    public void A_program_that_cannot_be_run_so_is_told()
    {
        using BpfObject bpf = TestObjects.Load("hook_perf_event");
        var error = Assert.Throws<BpfException>(() => bpf.Programs["sample"].TestRun());
        Assert.Contains("cannot run programs of type PerfEvent", error.Message, StringComparison.Ordinal);
        using BpfObject tc = TestObjects.Load("hook_tc");
        error = Assert.Throws<BpfException>(() => tc.Programs["tc_plain"].TestRun(new BpfTestRunOptions { Data = new byte[5] }));
        Assert.Contains("at least 14 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_counted_while_somebody_asks_for_it()
    {
        using BpfObject bpf = TestObjects.Load("hook_tc");
        BpfProgram program = bpf.Programs["tc_plain"];
        ulong before = program.GetInfo().RunCount;
        using (BpfRunStatistics.Enable())
            program.TestRun(new BpfTestRunOptions { Data = new byte[64], Repeat = 100 });
        BpfProgramInfo info = program.GetInfo();
        Assert.Equal(before + 100, info.RunCount);
        Assert.True(info.RunTime >= TimeSpan.Zero);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public ulong Left, Right, Sum;
    }
}
