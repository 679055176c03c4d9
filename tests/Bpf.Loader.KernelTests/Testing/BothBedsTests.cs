using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.KernelTests.Skeletons;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Xunit;
using Xunit;

namespace Bpf.Loader.KernelTests.Testing;

/// <summary>Tests as users write them for the machine and the kernel: the same in both.</summary>
public sealed class BothBedsTests : KernelTest
{
    [BpfTheory]
    public void A_packet_filter_drops_what_is_denied(BpfTestBed on)
    {
        BpfObjectFile file = BpfObjectFile.Open(Path.Combine(TestObjects.Folder, "../src/samples/xdp-drop/xdp-drop.bpf.o"));
        file.Maps["denied"].PinPath = null;
        using BpfTestObject bpf = on.Load(file);
        Network denied = new(128, 10, 1, 2, 3);
        bpf.Map<Network, ulong>("denied")[denied] = 0;

        byte[] packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
        BpfTestRun run = bpf.Program("filter").RunPacket(packet);
        Assert.Equal(XdpAction.Drop, run.Action);
        Assert.Equal(packet, run.Packet.ToArray());
        Assert.Equal(XdpAction.Pass, bpf.Program("filter").RunXdp(Packet.Ethernet().IPv4("10.1.2.4", "10.0.0.1").Tcp(port: 80)).Action);
        Assert.Throws<InvalidOperationException>(() => run.TcAction);
        Assert.Equal([new KeyValuePair<Network, ulong>(denied, 1)], bpf.Map<Network, ulong>("denied"));
        Assert.Equal(1ul, bpf.GetGlobal<ulong>("passed"));
        bpf.SetGlobal("passed", 7ul);
        Assert.Equal(7ul, bpf.Section<ulong>(".bss"));
        Assert.True(bpf.Map<Network, ulong>("denied").Remove(denied));
        Assert.Throws<KeyNotFoundException>(() => bpf.Map<Network, ulong>("denied")[denied]);
        Assert.Throws<KeyNotFoundException>(() => bpf.Program("none"));
        Assert.Throws<KeyNotFoundException>(() => bpf.Map<uint, uint>("none"));
    }

    [BpfTheory]
    public void A_tracer_tells_of_a_process_that_starts(BpfTestBed on)
    {
        using BpfTestObject bpf = on.Load<ExecSnoop>(static file => ExecSnoop.Description.Of(file).Rodata.TargetPid = 0);
        BpfTestRing<ExecSnoop.ExecEvent> events = bpf.Ring<ExecSnoop.ExecEvent>("events");
        uint child = 42;
        bpf.Program("handle_exec").Trigger(
            program =>
            {
                on.Machine!.Current = on.Machine.Kernel.New("task_struct", static task => { task["tgid"] = 42; task["pid"] = 42; });
                program.RunTracepoint("sched", "sched_process_exec", static e => e["pid"] = 42);
            },
            () =>
            {
                using Process process = Process.Start("/bin/true");
                child = (uint)process.Id;
                process.WaitForExit();
            });
        Assert.Single(events, each => each.Pid == child);
        Assert.True(events.Count > 0);
    }

    [BpfTheory(Beds = BpfTestBeds.Kernel)]
    public void A_type_without_a_test_run_is_a_reason_to_skip(BpfTestBed on)
    {
        using BpfTestObject bpf = on.Load<ExecSnoop>();
        Assert.Contains("without their hook", Assert.Throws<BpfUnavailableException>(() => bpf.Program("handle_exec").RunPacket(new byte[64])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beds_are_both_and_no_other()
    {
        Assert.Equal(["machine", "kernel"], On.Both.Select(static row => row[0].ToString()));
        Assert.True(On.Kernel.IsKernel);
        Assert.NotSame(On.Machine.Machine, On.Machine.Machine);
        var attribute = new BpfTheoryAttribute();
        Assert.Equal([typeof(BpfUnavailableException)], attribute.SkipExceptions!);
    }

    // struct network of the sample: a length, and an address as IPv6 has it.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Network(uint Length, uint A, uint B, uint C, uint D)
    {
        public Network(uint length, byte a, byte b, byte c, byte d)
            : this(length, 0, 0, 0xffff_0000, a | ((uint)b << 8) | ((uint)c << 16) | ((uint)d << 24))
        {
        }
    }
}
