using System.IO;
using Bpf.Loader.Classic;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The memory that contexts have in a machine.</summary>
public sealed class ContextMemoryTests
{
    private readonly BpfMachine _machine = new();

    [Fact]
    public void Runs_that_make_their_contexts_leave_nothing_behind()
    {
        BpfMachineProgram filter = LoadFilter(), count = _machine.Load(BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o"))).Program("match");
        BpfMachineFilter classic = _machine.Load(ClassicFilter.Parse("ldh [12]\nret a"));
        byte[] packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
        RunAll();
        int regions = _machine.Memory.Count;
        for (int i = 0; i < 100; i++) RunAll();
        // Those that the next run gives back are all that there may be more.
        Assert.InRange(_machine.Memory.Count, regions - 8, regions + 8);

        void RunAll()
        {
            filter.RunXdp(packet);
            count.RunTc(packet);
            classic.Run(packet);
        }
    }

    [Fact]
    public void A_context_of_a_run_can_be_looked_at_and_run_again()
    {
        BpfMachineProgram filter = LoadFilter();
        byte[] packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
        BpfRun first = filter.RunXdp(packet);
        var context = (XdpContext)first.Context;
        ulong data = context["data"];
        Assert.Equal("packet+0", _machine.NameOf(data));
        byte[] read = new byte[packet.Length];
        Assert.True(_machine.TryRead(data, read));
        Assert.Equal(packet, read);

        filter.RunXdp(packet);
        Assert.Equal(packet, context.Packet.ToArray());
        Assert.Equal(first.Action, filter.Run(context).Action);
        Assert.Equal(first.Action, filter.RunXdp(packet).Action);
    }

    [Fact]
    public void A_context_takes_what_it_holds_to_another_machine()
    {
        var context = new XdpContext(new byte[64]);
        BpfMachineProgram here = LoadFilter();
        here.Run(context);
        context.Packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
        var other = new BpfMachine();
        other.Load(BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.o"))).Program("filter").Run(context);
        Assert.Equal(54, context.Packet.Length);
        here.Run(context);
    }

    private BpfMachineProgram LoadFilter() => _machine.Load(BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.o"))).Program("filter");
}
