using System;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Instructions;
using Bpf.Tool.MachineCode;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Tool;

public sealed class DisassemblerTests
{
    [Fact]
    public void Code_of_x86_is_assembler_with_names_of_what_is_called()
    {
        // push %rbp; mov %rsp,%rbp; je 0x0; call; add $0x10,%rsp; an invalid byte; ret
        byte[] code = [0x55, 0x48, 0x89, 0xe5, 0x74, 0xfa, 0xe8, 0x0, 0x10, 0, 0, 0x48, 0x83, 0xc4, 0x10, 0x06, 0xc3];
        MachineInstruction[] read = [.. Disassembler.Read(Architecture.X64, code, 0xffffffffc0001000, address => address == 0xffffffffc000200b ? "bpf_map_lookup_elem" : null)];
        Assert.Equal(
            ["0: push   %rbp", "1: mov    %rsp,%rbp", "4: je     0x0", "6: call   bpf_map_lookup_elem", "b: add    $0x10,%rsp", "f: .byte  0x06", "10: ret"],
            read.Select(instruction => $"{instruction.Offset:x}: {instruction.Text}"));
        Assert.Equal(code.Length, read.Sum(instruction => instruction.Length));
        Assert.Equal("mov", read[1].Operation);
        Assert.Equal(["%rsp", "%rbp"], read[1].Operands);
        Assert.EndsWith("0xffffffffc000200b", Disassembler.Read(Architecture.X64, code, 0xffffffffc0001000, static _ => null).ElementAt(3).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_of_other_CPUs_is_words_for_an_assembler()
    {
        byte[] code = [0xfd, 0x7b, 0xbf, 0xa9, 0xc0, 0x03, 0x5f, 0xd6, 0x01, 0x02];
        MachineInstruction[] read = [.. Disassembler.Read(Architecture.Arm64, code, 0x1000, static _ => null)];
        Assert.Equal([".inst  0xa9bf7bfd", ".inst  0xd65f03c0", ".byte  0x0102"], read.Select(instruction => instruction.Text));
        Assert.Equal([0, 4, 8], read.Select(instruction => instruction.Offset));
    }

    [Fact]
    public void Ways_through_a_program_go_to_the_next_the_target_or_the_end()
    {
        ReadOnlySpan<BpfInstruction> code = new BpfAssembler()
            .Move(R0, 0)                                     // 0
            .JumpIf(BpfCondition.Equal, R1, 0, "out")        // 1
            .Label("loop").Alu(BpfAluOperation.Add, R0, 1)   // 2
            .JumpIf(BpfCondition.NotEqual, R0, 10, "loop")   // 3
            .Move(R0, 7).Exit()                                       // 4, 5
            .Label("out").Move(R0, 1).Exit()                          // 6, 7
            .ToArray();
        ProgramGraph graph = Assert.Single(ProgramGraph.Of(code, []));
        Assert.Equal([(0, 2), (2, 4), (4, 6), (6, 8)], graph.Blocks);
        Assert.Equal([(0, 2), (2, 3), (2, 5), (3, 4), (3, 3), (4, 1), (5, 1)], graph.Edges);
    }
}
