using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What programs do with packets and sockets depends on their type, as in the kernel.</summary>
public sealed class NetworkAccessTests
{
    private readonly BpfMachine _machine = new();

    [Theory]
    [InlineData("writes_of_cgroup", "packet", "data[3] = 7;")]
    [InlineData("reads_of_socket", "context", "return skb->data != 0;")]
    [InlineData("marks_of_socket", "context", "skb->mark = 1;")]
    [InlineData("marks_of_cgroup", "context", "skb->tc_index = 1;")]
    public void What_the_verifier_refuses_to_the_type_is_a_fault(string program, string region, string line)
    {
        var fault = Assert.Throws<BpfMachineFault>(() => Load().Program(program).Run(new SkBuffContext(new byte[64])));
        Assert.Equal((region, line), (fault.Region, fault.Location.SourceText));
        Assert.Equal(program == "reads_of_socket" ? BpfDiagnosticId.OutOfBounds : BpfDiagnosticId.ReadOnlyMemory, fault.Id);
    }

    [Theory]
    [InlineData("option_is_read", "ctx->optname = 1;", BpfDiagnosticId.ReadOnlyMemory)]
    [InlineData("option_is_set", "return ctx->retval + 1;", BpfDiagnosticId.OutOfBounds)]
    public void Options_are_asked_for_before_and_answered_after(string program, string line, BpfDiagnosticId id)
    {
        var context = new CgroupSocketOptionContext(level: 1, name: 2, new byte[8]);
        var fault = Assert.Throws<BpfMachineFault>(() => Load().Program(program).Run(context));
        Assert.Equal((line, id), (fault.Location.SourceText, fault.Id));
        Assert.Equal(program == "option_is_set" ? 4ul : 8, context["optlen"]);
    }

    [Fact]
    public void A_context_serves_programs_of_several_types()
    {
        BpfMachineObject bpf = Load();
        var context = new SkBuffContext(new byte[64]);
        Assert.Equal(1, bpf.Program("writes").Run(context).ReturnValue);
        Assert.Throws<BpfMachineFault>(() => bpf.Program("writes_of_cgroup").Run(context));
        Assert.Equal(1, bpf.Program("writes").Run(context).ReturnValue);
        Assert.Equal(7, context.Packet[3]);
    }

    [Fact]
    public void Another_packet_has_what_is_found_in_it()
    {
        var context = new SkBuffContext(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray());
        Load().Program("writes").Run(context);
        Assert.Equal((0x0800, 54ul), ((int)context.Protocol, context["wire_len"]));
        byte[] arp = Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").Payload(new byte[18]).ToArray();
        arp.AsSpan(0, 6).Fill(0xff);
        context.Packet = arp;
        Load().Program("writes").Run(context);
        Assert.Equal((0x0806, (ulong)arp.Length, 1ul), ((int)context.Protocol, context["wire_len"], context["pkt_type"]));
    }

    [Fact]
    public void A_socket_is_assigned_once_and_for_one_run()
    {
        SocketObject? socket = new() { ["protocol"] = 6 };
        _machine.FindSocket = (_, _, _) => socket;
        BpfMachineObject bpf = Load();
        bpf.Program("assigns").Run(new SkLookupContext { ["protocol"] = 6 });
        Assert.Equal([-22, 0, -17, 0], MemoryMarshal.Cast<byte, long>(bpf.GlobalBytes("results"))[..4].ToArray());
        Assert.Same(socket, _machine.Assigned);
        bpf.Program("assigns").Run(new SkLookupContext { ["protocol"] = 17 });
        Assert.Equal([-22, -91, -91, -91], MemoryMarshal.Cast<byte, long>(bpf.GlobalBytes("results"))[..4].ToArray());
        Assert.Null(_machine.Assigned);
        socket = null;
        bpf.Program("assigns").Run(new SkLookupContext());
        Assert.Null(_machine.Assigned);
    }

    private BpfMachineObject Load() => _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/network_faults.bpf.o")));
}
