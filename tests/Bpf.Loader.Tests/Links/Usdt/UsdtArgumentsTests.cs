using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Usdt;
using Xunit;

namespace Bpf.Loader.Tests.Links.Usdt;

public sealed class UsdtArgumentsTests
{
    private static UsdtArgument Constant(long value, int size) => new(UsdtArgumentKind.Constant, value, 0, 0, 0, (byte)Math.Abs(size), size < 0);

    private static UsdtArgument Register(short register, int size) => new(UsdtArgumentKind.Register, 0, register, 0, 0, (byte)Math.Abs(size), size < 0);

    private static UsdtArgument Memory(short register, long offset, int size) => new(UsdtArgumentKind.Memory, offset, register, 0, 0, (byte)Math.Abs(size), size < 0);

    private static UsdtArgument Indexed(short register, long offset, short index, byte shift, int size) =>
        new(UsdtArgumentKind.IndexedMemory, offset, register, (ushort)index, shift, (byte)Math.Abs(size), size < 0);

    // A probe at 0x401000 of a binary with these symbols.
    private static IReadOnlyList<UsdtArgument> Parse(string text, ElfMachine machine, bool isFixed = false) =>
        UsdtArguments.Parse(text, new UsdtPlace(machine, 0x401000, isFixed, Symbols));

    private static readonly UsdtSymbols Symbols = new(new BinaryImage(new MemoryBytes(SymbolImage.Of(("table", 0x404010), ("table.0", 0x404020), ("twice", 0x1), ("twice", 0x2))), "table"));

    [Fact]
    public void Reads_the_forms_of_x86_64()
    {
        IReadOnlyList<UsdtArgument> arguments = Parse(
            "-4@%edi 8@%rax  1@$-5 -8@-16(%rbp) 2@(%rsp) 4@8(%r12,%rcx,4) 8@(%rdi,%r9) 8@-0x10(%rbx,%rax) -2@%r10w 1@%sil", ElfMachine.X64);
        Assert.Equal(
            [
                Register(112, -4), Register(80, 8), Constant(-5, 1), Memory(32, -16, -8), Memory(152, 0, 2), Indexed(24, 8, 88, 2, 4),
                Indexed(112, 0, 64, 0, 8), Indexed(40, -16, 80, 0, 8), Register(56, -2), Register(104, 1),
            ],
            arguments);
        Assert.Equal([Constant(long.MinValue, -8), Memory(128, 16, 8)], Parse("-8@$-9223372036854775808 8@16(%rip)", ElfMachine.X64));
    }

    // By their distance from the probe (offset 128 is the instruction pointer), which is the same wherever a binary is loaded.
    [Fact]
    public void Reads_symbols_of_x86_64()
    {
        const int Distance = 0x404010 - 0x401000;
        Assert.Equal(
            [
                Memory(128, Distance, 8), Memory(128, Distance + 8, -4), Memory(128, Distance, 8), Memory(128, Distance - 8, 8), Memory(128, Distance + 16, 1),
                Indexed(128, Distance, 80, 3, 8), Indexed(128, Distance + 8, 40, 0, 8), Memory(40, 4, 2),
            ],
            Parse("8@table(%rip) -4@table+8(%rip) 8@table 8@-8+table(%rip) 1@table.0 8@table(,%rax,8) 8@8 + table(%rbx) 2@4(,%rbx)", ElfMachine.X64));
        Assert.Equal(
            [
                Memory(128, Distance, 8), Memory(40, 0x404018, 8), Indexed(40, 0x404010, 80, 2, 8), Constant(0x404014, 8), Memory(128, 0x404020 - 0x401000, 4),
                Indexed(128, -0x401000, 80, 2, 8),
            ],
            Parse("8@table(%rip) 8@table+8(%rbx) 8@table(%rbx,%rax,4) 8@$table+4 4@0x404020 8@(,%rax,4)", ElfMachine.X64, isFixed: true));
    }

    [Fact]
    public void Reads_the_forms_of_arm64()
    {
        const int Distance = 0x404010 - 0x401000;
        Assert.Equal(
            [
                Register(8, -4), Memory(248, 16, 8), Memory(152, 0, 8), Constant(5, 4), Constant(-7, -8), Memory(232, -12, 2), Register(240, 4), Register(248, 8),
                Memory(0, 8, 8), Indexed(0, 0, 8, 0, 8), Indexed(0, 0, 8, 3, 8), Memory(16, 0x18, 4),
            ],
            Parse("-4@x1 8@[sp, 16] 8@[x19] 4@5 -8@-7 2@[x29,-12] 4@w30 8@sp 8@[x0, #8] 8@[x0, x1] 8@[x0, x1, lsl #3] 4@[x2, #:lo12:table+8]", ElfMachine.Arm64));
        Assert.Equal([Memory(256, Distance, 8), Constant(0, 4), Constant(3, 4)], Parse("8@table 4@wzr 4@#3", ElfMachine.Arm64));
    }

    [Fact]
    public void Reads_the_forms_of_riscv_and_s390()
    {
        const int Distance = 0x404010 - 0x401000;
        Assert.Equal(
            [Register(80, 8), Memory(64, -24, -4), Register(144, 4), Constant(-5, 8), Memory(0, Distance, 8), Constant(0, 4)],
            Parse("8@a0 -4@-24(s0) 4@s2 8@-5 8@table 4@zero", ElfMachine.RiscV));
        Assert.Equal(
            [Register(40, 8), Memory(144, 160, -4), Indexed(40, 8, 32, 0, 8), Constant(7, 8), Memory(16, Distance, 8)],
            Parse("8@%r2 -4@160(%r15) 8@8(%r1,%r2) 8@7 8@table", ElfMachine.S390));
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
                Assert.Equal((name, i * 8), (name, Parse("8@%" + name, ElfMachine.X64).Single().Register));
        }
    }

    // Between two others that are read all the same.
    [Theory]
    [InlineData("4@%xmm0", ElfMachine.X64, "%xmm0")]
    [InlineData("8@%st", ElfMachine.X64, "%st")]
    [InlineData("8@%st(1)", ElfMachine.X64, "%st")]
    [InlineData("8@%ah", ElfMachine.X64, "%ah")]
    [InlineData("8f@%rax", ElfMachine.X64, "size")]
    [InlineData("3@%rax", ElfMachine.X64, "size")]
    [InlineData("%rax", ElfMachine.X64, "size")]
    [InlineData("16@(%rax)", ElfMachine.X64, "size")]
    [InlineData("8@%r16", ElfMachine.X64, "%r16")]
    [InlineData("8@%ipl", ElfMachine.X64, "%ipl")]
    [InlineData("8@8(%rax", ElfMachine.X64, "ends too early")]
    [InlineData("8@8(%rax,%rbx,3)", ElfMachine.X64, "not understood")]
    [InlineData("8@%fs:0x28", ElfMachine.X64, "segment of %fs")]
    [InlineData("8@%gs:(%rax)", ElfMachine.X64, "segment of %gs")]
    [InlineData("8@name(%rip)", ElfMachine.X64, "no symbol 'name'")]
    [InlineData("8@name", ElfMachine.X64, "no symbol 'name'")]
    [InlineData("8@twice(%rip)", ElfMachine.X64, "several symbols 'twice'")]
    [InlineData("8@table@GOTPCREL(%rip)", ElfMachine.X64, "'@GOTPCREL(%rip)' is not understood")]
    [InlineData("8@$table", ElfMachine.X64, "in each process")]
    [InlineData("8@table(%rax,%rbx,8)", ElfMachine.X64, "two registers")]
    [InlineData("8@0x1234", ElfMachine.X64, "fixed address")]
    [InlineData("8@(,%rax,8)", ElfMachine.X64, "fixed address")]
    [InlineData("8@table-table", ElfMachine.X64, "not understood")]
    [InlineData("8@$", ElfMachine.X64, "ends too early")]
    [InlineData("8@", ElfMachine.X64, "ends too early")]
    [InlineData("8", ElfMachine.X64, "size")]
    [InlineData("8@x31", ElfMachine.Arm64, "no symbol 'x31'")]
    [InlineData("8@d0", ElfMachine.Arm64, "register d0")]
    [InlineData("8@[x1, w2, sxtw 3]", ElfMachine.Arm64, "not understood")]
    [InlineData("8@[x1", ElfMachine.Arm64, "ends too early")]
    [InlineData("8@[x1, 8]!", ElfMachine.Arm64, "'!' is not understood")]
    [InlineData("8@%rax", ElfMachine.Arm64, "not understood")]
    [InlineData("8@fa0", ElfMachine.RiscV, "no symbol 'fa0'")]
    [InlineData("8@%f0", ElfMachine.S390, "not understood")]
    [InlineData("8@%r2", ElfMachine.Bpf, "machine Bpf")]
    public void Other_forms_fail_alone_and_say_why(string text, ElfMachine machine, string reason)
    {
        IReadOnlyList<UsdtArgument> arguments = Parse($"8@5 {text} -4@6", machine);
        (long first, long last) = machine == ElfMachine.X64 || machine == ElfMachine.Bpf ? (0L, 0L) : (5L, 6L);
        Assert.Equal(3, arguments.Count);
        if (first != 0) Assert.Equal((first, last), (arguments[0].Value, arguments[2].Value));
        Assert.Equal(UsdtArgumentKind.Unreadable, arguments[1].Kind);
        Assert.Contains(reason, arguments[1].Reason, StringComparison.Ordinal);
        if (machine != ElfMachine.X64) return;
        arguments = Parse($"-4@%edi {text} 8@$6", machine);
        Assert.Equal([Register(112, -4), Constant(6, 8)], [arguments[0], arguments[2]]);
    }

    [Fact]
    public void Twelve_arguments_fit_and_no_more()
    {
        string twelve = string.Join(' ', Enumerable.Repeat("8@%rax", 12));
        Assert.Equal(12, Parse(twelve, ElfMachine.X64).Count);
        Assert.Empty(Parse(" ", ElfMachine.X64));
        Assert.Equal(Errno.E2BIG, Assert.Throws<BpfAttachException>(() => Parse(twelve + " 8@%rax", ElfMachine.X64)).Errno);
    }

    [Fact]
    public void A_spec_is_laid_out_for_the_header_that_the_object_was_compiled_with()
    {
        UsdtArgument[] arguments = [Memory(32, -16, -4), new(UsdtArgumentKind.IndexedMemory, 8, 24, 88, 2, 8, false)];
        UsdtSpecLayout layout = UsdtSpecLayout.OfSize(304)!;
        byte[] bytes = new byte[layout.Size];
        layout.Encode(arguments, 0x1234, bytes);
        Assert.Equal(-16, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        Assert.Equal((2, 32, 1, 32), (bytes[8], bytes[14], bytes[16], bytes[17]));
        Assert.Equal((3, 24, 0, 0), (bytes[32], bytes[38], bytes[40], bytes[41]));
        Assert.Equal(88 | (2 << 12), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(34)));
        Assert.Equal(0x1234UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(288)));
        Assert.Equal(2, BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(296)));

        UsdtSpecLayout older = UsdtSpecLayout.OfSize(208)!;
        older.Encode(arguments.AsSpan(0, 1).ToArray(), 7, bytes);
        Assert.Equal((2, 32, 1, 32), (bytes[8], bytes[12], bytes[14], bytes[15]));
        Assert.Equal((7, 1), (bytes[192], bytes[200]));
        Assert.Equal((true, false), (layout.HasIndex, older.HasIndex));
        Assert.Null(UsdtSpecLayout.OfSize(100));
    }

    // libbpf's header gives EINVAL for kinds that it does not know; others read memory that no process has.
    [Fact]
    public void What_cannot_be_read_is_laid_out_to_fail()
    {
        UsdtSpecLayout layout = UsdtSpecLayout.OfSize(304)!;
        byte[] bytes = new byte[layout.Size];
        layout.Encode(Parse("8@%rax -2@%st", ElfMachine.X64), 0, bytes);
        Assert.Equal(2, BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(296)));
        Assert.Equal((255, 128, 1, 48), (bytes[32], bytes[38], bytes[40], bytes[41]));
        Assert.Equal(long.MinValue, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)));
    }
}
