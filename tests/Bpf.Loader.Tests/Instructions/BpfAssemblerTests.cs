using System;
using Bpf.Loader.Instructions;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Instructions;

public class BpfAssemblerTests
{
    [Fact]
    public void Distances_count_from_the_next_instruction_both_ways()
    {
        BpfInstruction[] code = new BpfAssembler()
            .Label("top").Goto("bottom").LoadImmediate64(R1, 0).Goto("top").Label("bottom").Exit().ToArray();
        Assert.Equal(3, code[0].Offset);
        Assert.Equal(-4, code[3].Offset);
    }

    [Fact]
    public void Calls_and_long_jumps_put_the_distance_in_the_immediate()
    {
        BpfInstruction[] code = new BpfAssembler().Call("f").LoadFunction(R2, "f").GotoLong("f").Label("f").Exit().ToArray();
        Assert.Equal((3, true), (code[0].Immediate, code[0].IsPseudoCall));
        Assert.Equal((2, true), (code[1].Immediate, code[1].IsPseudoFunction));
        Assert.Equal(0, code[3].Immediate);
    }

    [Fact]
    public void A_label_must_be_set_once()
    {
        Assert.Throws<InvalidOperationException>(() => new BpfAssembler().Goto("nowhere").ToArray());
        Assert.Throws<ArgumentException>(() => new BpfAssembler().Label("twice").Label("twice"));
    }

    [Fact]
    public void A_jump_of_more_than_16_bits_is_refused()
    {
        var program = new BpfAssembler().Goto("far");
        for (int i = 0; i <= short.MaxValue; i++)
            program.Move(R0, 0);
        Assert.Throws<InvalidOperationException>(() => program.Label("far").Exit().ToArray());
    }
}
