using System;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What a test may do wrong with a machine, and what a program may that no verifier has seen.</summary>
public sealed class HostileUseTests
{
    private const int Printk = 6, ProbeRead = 4;

    private readonly BpfMachine _machine = new();

    [Fact]
    public void A_context_of_members_has_no_bytes_for_helpers()
    {
        // bpf_trace_printk(ctx, 8), and bpf_probe_read(ctx, 8, ctx).
        BpfMachineFault read = Fault(new BpfAssembler().Move(R2, 8).CallHelper(Printk).Exit(), new SkBuffContext(new byte[64]));
        Assert.Equal((BpfDiagnosticId.BadPointer, "context", 0L), (read.Id, read.Region, read.Offset));
        Assert.Contains("lets a helper read 8 bytes at offset 0 of the context, whose members", read.Message, StringComparison.Ordinal);
        BpfMachineFault write = Fault(new BpfAssembler().Move(R3, R1).Move(R2, 8).CallHelper(ProbeRead).Exit(), new XdpContext(new byte[64]));
        Assert.Equal(BpfDiagnosticId.BadPointer, write.Id);
        Assert.Contains("writes 8 bytes at offset 0 of the context", write.Message, StringComparison.Ordinal);
        Assert.False(_machine.TryRead(new SkBuffContext(new byte[64]).Address, new byte[4]));
    }

    [Fact]
    public void A_context_that_is_a_structure_has_them()
    {
        var context = new BytesContext([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
        // bpf_probe_read(ctx + 8, 8, ctx), as programs of type syscall may.
        BpfAssembler code = new BpfAssembler().Move(R3, R1).Alu(BpfAluOperation.Add, R1, 8).Move(R2, 8).CallHelper(ProbeRead).Exit();
        Assert.Equal(0ul, Run(code, context));
        Assert.Equal(context.Bytes[..8], context.Bytes[8..]);
        BpfMachineFault fault = Fault(code, new BytesContext(new byte[16], isWritable: false));
        Assert.Equal(BpfDiagnosticId.ReadOnlyMemory, fault.Id);
    }

    [Fact]
    public void Programs_get_the_context_of_their_type()
    {
        BpfMachineProgram program = _machine.Load(BpfObjectFile.Open(TestData.PathOf("hook_xdp.bpf.o"))).Program("xdp_plain");
        Assert.Throws<ArgumentNullException>(() => program.Run(null!));
        Assert.Throws<ArgumentNullException>(() => program.RunXdp((Packet)null!));
        var wrong = Assert.Throws<ArgumentException>(() => program.RunTc(new byte[64]));
        Assert.Contains("Program 'xdp_plain' is of type Xdp (xdp), and such programs get no SkBuffContext.", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => program.Execute(new RegisterContext()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void A_packet_has_an_Ethernet_header(int length)
    {
        Assert.Contains($"has {length}.", Assert.Throws<ArgumentException>(() => new XdpContext(new byte[length])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SkBuffContext(new byte[length]) { StartsAtNetworkHeader = true });
        Assert.Throws<ArgumentException>(() => new NetfilterContext(new byte[length]));
        Assert.Throws<ArgumentException>(() => new XdpContext(new byte[64]).Packet = new byte[length]);
        Assert.Throws<ArgumentException>(() => new SkBuffContext(new byte[64]).Packet = new byte[length]);
    }

    [Fact]
    public void Large_packets_are_packets()
    {
        byte[] packet = new byte[64 << 20];
        packet[^1] = 7;
        // return *(u8 *)(data_end - 1)
        BpfAssembler code = new BpfAssembler().Load(BpfAccessSize.Word, R2, R1, 4).Alu(BpfAluOperation.Subtract, R2, 1).Load(BpfAccessSize.Byte, R0, R2, 0).Exit();
        Assert.Equal(7ul, Run(code, new XdpContext(packet)));
    }

    [Fact]
    public void What_a_helper_of_the_test_throws_comes_out_and_the_machine_runs_on()
    {
        BpfMachineObject bpf = _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/faults.bpf.o")));
        _machine.Helpers["bpf_fib_lookup"] = static _ => throw new InvalidTimeZoneException("mine");
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program("unknown_helper").RunXdp(new byte[64]));
        Assert.Equal("mine", Assert.IsType<InvalidTimeZoneException>(fault.InnerException).Message);
        _machine.Helpers["bpf_fib_lookup"] = static _ => 3;
        Assert.Equal(3, bpf.Program("unknown_helper").RunXdp(new byte[64]).ReturnValue);
    }

    [Fact]
    public void A_helper_cannot_run_another_program()
    {
        BpfMachineObject bpf = _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/faults.bpf.o")));
        _machine.Helpers["bpf_fib_lookup"] = _ => (ulong)bpf.Program("behind_value").RunXdp(new byte[64]).ReturnValue;
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program("unknown_helper").RunXdp(new byte[64]));
        Assert.Contains("one program at a time", Assert.IsType<InvalidOperationException>(fault.InnerException).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((BpfMapType)999, 4u, 4u, 1u, "999")]
    [InlineData(BpfMapType.Array, 1u, 4u, 1u, "Its keys must have 4 bytes, and have 1")]
    [InlineData(BpfMapType.Array, 4u, 0u, 1u, "Its values have no bytes")]
    [InlineData(BpfMapType.Hash, 4u, 4u, 0u, "max_entries, which is 0")]
    [InlineData(BpfMapType.Hash, 4u, 0xffff_fff0u, 1u, "at most")]
    [InlineData(BpfMapType.SockMap, 4u, 5u, 1u, "4 or 8 bytes, and have 5")]
    public void A_map_that_no_kernel_takes_is_refused(BpfMapType type, uint key, uint value, uint entries, string reason)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o"));
        string name = Change(file);
        string message = Assert.Throws<NotSupportedException>(() => _machine.Load(file)).Message;
        Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);

        string Change(BpfObjectFile changed)
        {
            foreach (BpfMapDefinition map in changed.Maps)
            {
                if (map.Type != BpfMapType.Array || map.IsInternal) continue;
                (map.Type, map.KeySize, map.ValueSize, map.MaxEntries) = (type, key, value, entries);
                return map.Name;
            }

            throw new InvalidOperationException("the object has no array");
        }
    }

    [Fact]
    public void Of_programs_with_the_same_name_the_first_is_found()
    {
        // A linker that renames: xdp_frags becomes a second xdp_plain.
        byte[] image = TestData.Read("hook_xdp.bpf.o");
        for (int at; (at = image.AsSpan().IndexOf("xdp_frags\0"u8)) >= 0;) "xdp_plain"u8.CopyTo(image.AsSpan(at));
        BpfMachineObject bpf = _machine.Load(BpfObjectFile.Read(image, "twins.bpf.o"));
        Assert.Equal(2, bpf.Programs.Count(static program => program.Name == "xdp_plain"));
        Assert.Equal("xdp", bpf.Program("xdp_plain").SectionName);
    }

    [Fact]
    public void Sizes_that_follow_from_the_type_may_be_left_out()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o"));
        foreach (BpfMapDefinition map in file.Maps)
        {
            if (map is { Type: BpfMapType.Array, IsInternal: false }) map.KeySize = 0;
        }

        Assert.All(_machine.Load(file).Maps, static map => Assert.True(map.Type != BpfMapType.Array || map.KeySize == 4));
    }

    [Fact]
    public void A_format_cannot_ask_for_endless_blanks()
    {
        // bpf_trace_printk("%9999999999d", 13, 1)
        var code = new BpfAssembler().LoadImmediate64(R1, 0x3939_3939_3939_3925).Store(BpfAccessSize.DoubleWord, R10, -16, R1).LoadImmediate64(R1, 0x6439_3939).Store(BpfAccessSize.DoubleWord, R10, -8, R1)
            .Move(R1, R10).Alu(BpfAluOperation.Add, R1, -16).Move(R2, 16).Move(R3, 1).Move(R4, 0).Move(R5, 0).CallHelper(Printk).Exit();
        Run(code, new BytesContext(new byte[8]));
        Assert.InRange(_machine.TraceOutput[0].Length, 1000, 1 << 20);
    }

    private BpfMachineFault Fault(BpfAssembler code, BpfContext context) => Assert.Throws<BpfMachineFault>(() => Run(code, context));

    private ulong Run(BpfAssembler code, BpfContext context)
    {
        context.Enter(_machine);
        return _machine.Executor.Run(new MachineCode("program", code.ToArray(), null, _machine.Memory), context, out _);
    }
}
