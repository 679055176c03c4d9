using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The samples' programs without a kernel, as their users would test them.</summary>
public sealed class SampleTests
{
    private readonly BpfMachine _machine = new();

    [Fact]
    public void Xdp_drop_drops_what_comes_from_a_denied_network()
    {
        BpfMachineObject bpf = Load("xdp-drop");
        BpfMachineMap<Network, ulong> denied = bpf.Map<Network, ulong>("denied");
        Network network = Network.IPv4(24, 10, 1, 2, 0);
        denied.Set(network, 0);

        Assert.Equal(XdpAction.Drop, bpf.Program("filter").RunXdp(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80)).Action);
        Assert.Equal(XdpAction.Pass, bpf.Program("filter").RunXdp(Packet.Ethernet().IPv4("10.1.3.3", "10.0.0.1").Tcp(port: 80)).Action);
        Assert.Equal(XdpAction.Pass, bpf.Program("filter").RunXdp(Packet.Ethernet().IPv6("2001:db8::1", "2001:db8::2").Udp(port: 53)).Action);
        Assert.Equal(XdpAction.Pass, bpf.Program("filter").RunXdp(Packet.Ethernet().Arp("02:00:00:00:00:01", "10.1.2.3", "10.0.0.1")).Action);
        Assert.Equal(1ul, denied[network]);
        Assert.Equal(2ul, bpf.Global<ulong>("passed"));
    }

    [Fact]
    public void Xdp_drop_lets_packets_pass_that_are_cut_off()
    {
        BpfMachineObject bpf = Load("xdp-drop");
        byte[] packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
        for (int length = 14; length < packet.Length; length++) Assert.Equal(XdpAction.Pass, bpf.Program("filter").RunXdp(packet.AsSpan(0, length)).Action);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        BpfMachineObject bpf = Load("xdp-drop");
        BpfMachineProgram filter = bpf.Program("filter");
        var context = new XdpContext(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray());
        bpf.Map<Network, ulong>("denied").Set(Network.IPv4(24, 10, 1, 2, 0), 0);
        for (int i = 0; i < 3000; i++) filter.Execute(context); // it is compiled meanwhile
        // What one run allocates, all do; a collection on another thread may add some bytes to one round.
        long least = long.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++) filter.Execute(context);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(13_000ul, bpf.Map<Network, ulong>("denied")[Network.IPv4(24, 10, 1, 2, 0)]);
    }

    [Fact]
    public void Execsnoop_tells_the_new_process_and_its_parent()
    {
        BpfMachineObject bpf = Load("execsnoop");
        KernelObject parent = _machine.Kernel.New("task_struct", t => { t["tgid"] = 41; t["comm"] = "bash"; });
        ulong arguments = _machine.User.Add("ls\0-l\0"u8);
        _machine.Current = _machine.Kernel.New("task_struct", t =>
        {
            t["tgid"] = 42;
            t["comm"] = "ls";
            t["real_parent"] = parent;
            t["mm"] = _machine.Kernel.New("mm_struct", m => { m["arg_start"] = arguments; m["arg_end"] = arguments + 6; });
        });
        bpf.Program("process_started").RunTracepoint("sched", "sched_process_exec", e => e["pid"] = 42);

        ExecEvent started = bpf.Ring<ExecEvent>("events").Single();
        Assert.Equal((42u, 41u, 6u), (started.Pid, started.ParentPid, started.ArgumentsLength));
        ReadOnlySpan<byte> record = bpf.Ring<ExecEvent>("events").GetBytes(0);
        Assert.Equal("ls", BpfText.Read(record.Slice(16, 16)));
        Assert.Equal("ls\0-l\0"u8, record.Slice(32, 6));
    }

    [Fact]
    public void Execsnoop_goes_on_without_arguments_that_cannot_be_read()
    {
        BpfMachineObject bpf = Load("execsnoop");
        _machine.Current = _machine.Kernel.New("task_struct", t => { t["tgid"] = 42; });
        bpf.Program("process_started").RunTracepoint("sched", "sched_process_exec");
        Assert.Equal((42u, 0u, 0u), (bpf.Ring<ExecEvent>("events")[0].Pid, bpf.Ring<ExecEvent>("events")[0].ParentPid, bpf.Ring<ExecEvent>("events")[0].ArgumentsLength));
    }

    [Fact]
    public void Execsnoop_counts_what_finds_no_room()
    {
        BpfMachineObject bpf = Load("execsnoop");
        _machine.Current = _machine.Kernel.New("task_struct", t => { t["tgid"] = 42; });
        var context = new TracepointContext(_machine, "sched", "sched_process_exec");
        // A record of 288 bytes with its header of 8, in a ring of 1 MB.
        const int Room = (1 << 20) / 296;
        for (int i = 0; i < Room + 10; i++) bpf.Program("process_started").Execute(context);
        Assert.Equal(Room, bpf.Ring<ExecEvent>("events").Count);
        Assert.Equal(10ul, bpf.Global<ulong>("dropped"));
        Assert.Equal(10, bpf.Ring<ExecEvent>("events").Lost);
    }

    [Fact]
    public void Tc_accounting_counts_by_cgroup()
    {
        BpfMachineObject bpf = Load("tc-accounting");
        byte[] packet = Packet.Ethernet().IPv4("10.0.0.1", "10.0.0.2").Udp(port: 53).Payload(new byte[58]).ToArray();
        var context = new SkBuffContext(packet) { CgroupId = 77 };
        Assert.Equal(TcAction.Unspecified, bpf.Program("account").Run(context).TcAction);
        Assert.Equal(TcAction.Unspecified, bpf.Program("account").Run(context).TcAction);
        Assert.Equal((2ul, 200ul), bpf.Map<ulong, (ulong Packets, ulong Bytes)>("sent")[77]);
    }

    [Fact]
    public void Lsm_deny_refuses_files_that_are_marked()
    {
        BpfMachineObject bpf = Load("lsm-deny");
        KernelObject inode = _machine.Kernel.New("inode", i => i["i_ino"] = 4711);
        KernelObject file = _machine.Kernel.New("file", f => f["f_inode"] = inode);
        Assert.Equal(0, bpf.Program("opening").RunTracing(file.Address, 0).ReturnValue);
        bpf.Map<uint, byte>("denied").Of(inode) = 1;
        Assert.Equal(-1, bpf.Program("opening").RunTracing(file.Address, 0).ReturnValue);
        ReadOnlySpan<byte> denial = bpf.Ring<long>("denials").GetBytes(0);
        Assert.Equal((1u, 4711ul), (MemoryMarshal.Read<uint>(denial), MemoryMarshal.Read<ulong>(denial[8..])));
    }

    private BpfMachineObject Load(string sample) =>
        _machine.Load(BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples", sample, sample + ".bpf.o")));

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Network
    {
        public uint PrefixLength;
        public fixed byte Address[16];

        public static Network IPv4(uint length, params ReadOnlySpan<byte> address)
        {
            var network = new Network { PrefixLength = 96 + length };
            network.Address[10] = network.Address[11] = 0xff;
            for (int i = 0; i < 4; i++) network.Address[12 + i] = address[i];
            return network;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ExecEvent
    {
        public uint Pid, ParentPid, Uid, ArgumentsLength;
    }
}
