using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What programs read and write of their contexts, by the offsets of the kernel's header for user space.</summary>
public sealed class ContextTests
{
    private readonly BpfMachine _machine = new();

    [Theory]
    [InlineData("mark", 8, 4)]
    [InlineData("priority", 32, 4)]
    [InlineData("ifindex", 40, 4)]
    [InlineData("tstamp", 152, 8)]
    [InlineData("hwtstamp", 184, 8)]
    public void A_member_of_a_packet_is_where_c_has_it(string member, int offset, int size)
    {
        var context = new SkBuffContext(new byte[64]);
        context[member] = 0x1122_3344;
        Assert.Equal(0x1122_3344ul, Read(context, offset, size));
    }

    [Theory]
    [InlineData("user_port", 24)]
    [InlineData("family", 28)]
    [InlineData("msg_src_ip4", 40)]
    public void A_member_of_an_address_is_where_c_has_it(string member, int offset)
    {
        var context = new SocketAddressContext();
        context[member] = 0x1234;
        Assert.Equal(0x1234ul, Read(context, offset, 4));
    }

    [Theory]
    [InlineData("family", 20)]
    [InlineData("remote_port", 64)]
    [InlineData("state", 88)]
    [InlineData("skb_tcp_flags", 212)]
    public void A_member_of_a_connection_is_where_c_has_it(string member, int offset)
    {
        var context = new SockOpsContext();
        context[member] = 77;
        Assert.Equal(77ul, Read(context, offset, 4));
    }

    [Theory]
    [InlineData("protocol", 12)]
    [InlineData("remote_ip4", 16)]
    [InlineData("local_ip4", 40)]
    [InlineData("local_port", 60)]
    public void A_member_of_a_look_up_is_where_c_has_it(string member, int offset)
    {
        var context = new SkLookupContext();
        context[member] = 99;
        Assert.Equal(99ul, Read(context, offset, 4));
    }

    [Fact]
    public void What_may_be_written_is_and_the_rest_is_a_fault()
    {
        var context = new SkBuffContext(new byte[64]);
        Run(context, new BpfAssembler().Store(BpfAccessSize.Word, R1, 8, 7).Move(R0, 0).Exit());
        Assert.Equal(7u, context.Mark);
        var fault = Assert.Throws<BpfMachineFault>(() => Run(context, new BpfAssembler().Store(BpfAccessSize.Word, R1, 16, 7).Move(R0, 0).Exit()));
        Assert.Equal(BpfDiagnosticId.ReadOnlyMemory, fault.Id);
    }

    [Fact]
    public void A_pointer_is_read_whole_or_not_at_all()
    {
        var fault = Assert.Throws<BpfMachineFault>(() => Read(new XdpContext(new byte[64]), 0, 2));
        Assert.Equal(BpfDiagnosticId.OutOfBounds, fault.Id);
    }

    [Theory]
    [InlineData(Architecture.X64, 112, 104)]
    [InlineData(Architecture.Arm64, 0, 8)]
    public void Arguments_are_in_the_registers_of_the_architecture(Architecture architecture, int first, int second)
    {
        RegisterContext context = new RegisterContext(architecture).SetArguments(10, 20);
        Assert.Equal((10ul, 20ul), (Read(context, first, 8), Read(context, second, 8)));
    }

    [Fact]
    public void A_packet_grows_and_shrinks_at_both_ends()
    {
        const int AdjustHead = 44, AdjustTail = 65;
        byte[] packet = new byte[64];
        packet[0] = 1;
        var context = new XdpContext(packet);
        BpfAssembler Adjust(int helper, int by) => new BpfAssembler().Move(R2, by).CallHelper(helper).Exit();
        Assert.Equal(0ul, Run(context, Adjust(AdjustHead, -8)));
        Assert.Equal((72, 1), (context.Packet.Length, context.Packet[8]));
        Assert.Equal(0ul, Run(context, Adjust(AdjustHead, 9)));
        Assert.Equal(63, context.Packet.Length);
        Assert.Equal(0ul, Run(context, Adjust(AdjustTail, 100)));
        Assert.Equal(163, context.Packet.Length);
        Assert.Equal(unchecked((ulong)-22L), Run(context, Adjust(AdjustTail, -160)));
        Assert.Equal(unchecked((ulong)-22L), Run(context, Adjust(AdjustHead, -300)));
    }

    [Fact]
    public void A_pointer_into_the_packet_ends_with_its_bounds()
    {
        const int AdjustHead = 44;
        BpfAssembler code = new BpfAssembler().Move(R6, R1).Load(BpfAccessSize.Word, R7, R6, 0).Move(R2, 0).CallHelper(AdjustHead)
            .Load(BpfAccessSize.Byte, R0, R7, 0).Exit();
        var fault = Assert.Throws<BpfMachineFault>(() => Run(new XdpContext(new byte[64]), code));
        Assert.Equal(BpfDiagnosticId.UseAfterRelease, fault.Id);
    }

    [Fact]
    public void A_packet_that_programs_see_from_its_network_header_is_given_back_whole()
    {
        byte[] packet = Packet.Ethernet().IPv4("10.0.0.1", "10.0.0.2").Udp(port: 53).ToArray();
        var context = new SkBuffContext(packet) { StartsAtNetworkHeader = true };
        // r0 = *(u8 *)skb[0], the version and length of the header.
        Assert.Equal(0x45ul, Run(context, new BpfAssembler().Move(R6, R1).LoadPacket(BpfAccessSize.Byte, 0).Exit()));
        Assert.Equal(packet, context.Packet.ToArray());
        // SKF_LL_OFF reaches the Ethernet header all the same.
        Assert.Equal(0x0800ul, Run(context, new BpfAssembler().Move(R6, R1).LoadPacket(BpfAccessSize.HalfWord, -0x200000 + 12).Exit()));
    }

    [Fact]
    public void A_struct_of_a_system_call_is_changed()
    {
        var context = BytesContext.Of((Left: 40ul, Sum: 0ul));
        Run(context, new BpfAssembler().Load(BpfAccessSize.DoubleWord, R2, R1, 0).Alu(BpfAluOperation.Add, R2, 2).Store(BpfAccessSize.DoubleWord, R1, 8, R2).Move(R0, 0).Exit());
        Assert.Equal(42ul, context.Read<(ulong Left, ulong Sum)>().Sum);
    }

    private ulong Read(BpfContext context, int offset, int bytes) => Run(context, new BpfAssembler()
        .Load(bytes switch { 2 => BpfAccessSize.HalfWord, 4 => BpfAccessSize.Word, _ => BpfAccessSize.DoubleWord }, R0, R1, (short)offset).Exit());

    private ulong Run(BpfContext context, BpfAssembler code)
    {
        context.Enter(_machine);
        return _machine.Executor.Run(new MachineCode("test", code.ToArray(), null, _machine.Memory), context, out _);
    }
}
