using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Usdt;
using Xunit;

namespace Bpf.Loader.Tests.Links.Usdt;

public sealed class UsdtArgumentsTests
{
    private static UsdtArgument Constant(long value, int size) => new(UsdtArgumentKind.Constant, value, 0, 0, 0, (byte)Math.Abs(size), size < 0);

    private static UsdtArgument Register(short register, int size) => new(UsdtArgumentKind.Register, 0, register, 0, 0, (byte)Math.Abs(size), size < 0);

    private static UsdtArgument Memory(short register, long offset, int size) => new(UsdtArgumentKind.Memory, offset, register, 0, 0, (byte)Math.Abs(size), size < 0);

    [Fact]
    public void Reads_the_forms_of_x86_64()
    {
        IReadOnlyList<UsdtArgument> arguments = UsdtArguments.Parse(
            "-4@%edi 8@%rax  1@$-5 -8@-16(%rbp) 2@(%rsp) 4@8(%r12,%rcx,4) 8@(%rdi,%r9) 8@-0x10(%rbx,%rax) -2@%r10w 1@%sil", ElfMachine.X64);
        Assert.Equal(
            [
                Register(112, -4), Register(80, 8), Constant(-5, 1), Memory(32, -16, -8), Memory(152, 0, 2),
                new UsdtArgument(UsdtArgumentKind.IndexedMemory, 8, 24, 88, 2, 4, false),
                new UsdtArgument(UsdtArgumentKind.IndexedMemory, 0, 112, 64, 0, 8, false),
                new UsdtArgument(UsdtArgumentKind.IndexedMemory, -16, 40, 80, 0, 8, false),
                Register(56, -2), Register(104, 1),
            ],
            arguments);
    }

    [Fact]
    public void Reads_the_forms_of_arm64()
    {
        IReadOnlyList<UsdtArgument> arguments = UsdtArguments.Parse("-4@x1 8@[sp, 16] 8@[x19] 4@5 -8@-7 2@[x29,-12] 4@w30 8@sp", ElfMachine.Arm64);
        Assert.Equal(
            [
                Register(8, -4), Memory(248, 16, 8), Memory(152, 0, 8), Constant(5, 4), Constant(-7, -8), Memory(232, -12, 2),
                Register(240, 4), Register(248, 8),
            ],
            arguments);
    }

    // Every register of x86-64 under every name, in the order of struct pt_regs.
    [Fact]
    public void Knows_every_register_of_x86_64_in_every_width()
    {
        string[] registers =
        [
            "r15 r15d r15w r15b", "r14 r14d r14w r14b", "r13 r13d r13w r13b", "r12 r12d r12w r12b", "rbp ebp bp bpl", "rbx ebx bx bl",
            "r11 r11d r11w r11b", "r10 r10d r10w r10b", "r9 r9d r9w r9b", "r8 r8d r8w r8b", "rax eax ax al", "rcx ecx cx cl",
            "rdx edx dx dl", "rsi esi si sil", "rdi edi di dil", "", "rip eip ip", "", "", "rsp esp sp spl",
        ];
        for (int i = 0; i < registers.Length; i++)
        {
            foreach (string name in registers[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Assert.Equal((name, i * 8), (name, UsdtArguments.Parse("8@%" + name, ElfMachine.X64).Single().Register));
        }
    }

    [Theory]
    [InlineData("4@%xmm0", ElfMachine.X64)]
    [InlineData("8f@%rax", ElfMachine.X64)]
    [InlineData("3@%rax", ElfMachine.X64)]
    [InlineData("8@%r16", ElfMachine.X64)]
    [InlineData("8@%ipl", ElfMachine.X64)]
    [InlineData("8@8(%rax", ElfMachine.X64)]
    [InlineData("8@8(%rax,%rbx,3)", ElfMachine.X64)]
    [InlineData("8@name(%rip)", ElfMachine.X64)]
    [InlineData("8@$", ElfMachine.X64)]
    [InlineData("8", ElfMachine.X64)]
    [InlineData("8@x31", ElfMachine.Arm64)]
    [InlineData("8@[x1, x2]", ElfMachine.Arm64)]
    [InlineData("8@[x1", ElfMachine.Arm64)]
    [InlineData("8@%rax", ElfMachine.Arm64)]
    [InlineData("8@%r2", ElfMachine.S390)]
    public void Other_forms_are_named(string text, ElfMachine machine)
    {
        var error = Assert.Throws<BpfAttachException>(() => UsdtArguments.Parse("8@" + (machine == ElfMachine.Arm64 ? "x0 " : "%rax ") + text, machine));
        Assert.Equal(BpfDiagnosticId.BadUsdtNote, error.Id);
        if (machine != ElfMachine.S390) Assert.Contains($"argument 1, '{text}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twelve_arguments_fit_and_no_more()
    {
        string twelve = string.Join(' ', Enumerable.Repeat("8@%rax", 12));
        Assert.Equal(12, UsdtArguments.Parse(twelve, ElfMachine.X64).Count);
        Assert.Empty(UsdtArguments.Parse(" ", ElfMachine.X64));
        Assert.Equal(Errno.E2BIG, Assert.Throws<BpfAttachException>(() => UsdtArguments.Parse(twelve + " 8@%rax", ElfMachine.X64)).Errno);
    }

    [Fact]
    public void A_spec_is_laid_out_for_the_header_that_the_object_was_compiled_with()
    {
        UsdtArgument[] arguments = [Memory(32, -16, -4), new(UsdtArgumentKind.IndexedMemory, 8, 24, 88, 2, 8, false)];
        UsdtSpecLayout layout = UsdtSpecLayout.OfSize(304)!;
        byte[] bytes = new byte[layout.Size];
        Assert.True(layout.TryEncode(arguments, 0x1234, bytes));
        Assert.Equal(-16, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        Assert.Equal((2, 32, 1, 32), (bytes[8], bytes[14], bytes[16], bytes[17]));
        Assert.Equal((3, 24, 0, 0), (bytes[32], bytes[38], bytes[40], bytes[41]));
        Assert.Equal(88 | (2 << 12), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(34)));
        Assert.Equal(0x1234UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(288)));
        Assert.Equal(2, BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(296)));

        UsdtSpecLayout older = UsdtSpecLayout.OfSize(208)!;
        Assert.True(older.TryEncode(arguments.AsSpan(0, 1).ToArray(), 7, bytes));
        Assert.Equal((2, 32, 1, 32), (bytes[8], bytes[12], bytes[14], bytes[15]));
        Assert.Equal((7, 1), (bytes[192], bytes[200]));
        Assert.False(older.TryEncode(arguments, 7, bytes));
        Assert.Null(UsdtSpecLayout.OfSize(100));
    }
}
