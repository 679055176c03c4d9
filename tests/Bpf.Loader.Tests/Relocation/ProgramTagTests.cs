using System;
using System.Security.Cryptography;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Relocation;

public class ProgramTagTests
{
    // Both tags were seen in kernels: the first on every one up to 6.17, the second on 6.18.
    private static readonly BpfInstruction[] ReturnZero = new BpfAssembler().Move(R0, 0).Exit().ToArray();

    [Fact]
    public void Return_zero_has_the_tags_that_kernels_print()
    {
        Assert.Equal("a04f5eef06a7f555", ProgramTag.Sha1(ReturnZero));
        Assert.Equal("59f4a931744dcdc6", ProgramTag.Sha256(ReturnZero));
    }

    [Fact]
    public void Map_references_do_not_count_and_everything_else_does()
    {
        string Tag(Func<BpfAssembler, BpfAssembler> load) => ProgramTag.Sha256(load(new BpfAssembler()).Exit().ToArray());
        Assert.Equal(Tag(a => a.LoadMap(R1, 3)), Tag(a => a.LoadMap(R1, 4)));
        Assert.Equal(Tag(a => a.LoadMapValue(R1, 3, 8)), Tag(a => a.LoadMapValue(R1, 4, 16)));
        Assert.NotEqual(Tag(a => a.LoadMap(R1, 3)), Tag(a => a.LoadMapValue(R1, 3, 0)));
        Assert.NotEqual(Tag(a => a.LoadMap(R1, 3)), Tag(a => a.LoadMap(R2, 3)));
        Assert.NotEqual(Tag(a => a.LoadImmediate64(R1, 3)), Tag(a => a.LoadImmediate64(R1, 4)));
        Assert.NotEqual(Tag(a => a.LoadKernelVariable(R1, 3)), Tag(a => a.LoadKernelVariable(R1, 4)));
    }

    [Fact]
    public void The_instruction_after_a_map_reference_counts_again()
    {
        string With(int value) => ProgramTag.Sha1(new BpfAssembler().LoadMap(R1, 3).Move(R0, value).Exit().ToArray());
        Assert.NotEqual(With(1), With(2));
    }

    [Fact]
    public void Big_endian_machines_hash_big_endian_instructions()
    {
        byte[] bytes = [0xb7, 0x00, 0, 0, 0, 0, 0, 1, 0x95, 0, 0, 0, 0, 0, 0, 0];
        BpfInstruction[] code = new BpfAssembler().Move(R0, 1).Exit().ToArray();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], ProgramTag.Sha256(code, isBigEndian: true));
    }
}
