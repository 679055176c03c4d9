using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Instructions;
using Xunit;

namespace Bpf.Loader.Tests.Instructions;

public class BpfInstructionTests
{
    private static readonly byte[] Little = [0x7b, 0x21, 0xf8, 0xff, 0x44, 0x33, 0x22, 0x11];
    private static readonly byte[] Big = [0x7b, 0x12, 0xff, 0xf8, 0x11, 0x22, 0x33, 0x44];
    private static readonly BpfInstruction Instruction = new(0x7b, 1, 2, -8, 0x11223344);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_and_writes_both_byte_orders(bool isBigEndian)
    {
        byte[] bytes = isBigEndian ? Big : Little, written = new byte[8];
        Assert.Equal(Instruction, BpfInstruction.Read(bytes, isBigEndian));
        Instruction.Write(written, isBigEndian);
        Assert.Equal(bytes, written);
    }

    // Programs reach the kernel as they lie in memory.
    [Fact]
    public void Lies_in_memory_as_the_kernel_has_it()
    {
        BpfInstruction[] code = [Instruction];
        Assert.Equal(BitConverter.IsLittleEndian ? Little : Big, MemoryMarshal.AsBytes(code.AsSpan()).ToArray());
    }
}
