using System;
using System.Linq;
using Bpf.Loader.Classic;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bpf.Loader.Tests.Classic;

public class ClassicFilterTests
{
    // Of Documentation/networking/filter.rst, in the syntax of bpf_asm, and what bpf_asm makes of it.
    [Theory]
    [InlineData("ldh [12]\njne #0x806, drop\nret #-1\ndrop: ret #0", "4,40 0 0 12,21 0 1 2054,6 0 0 4294967295,6 0 0 0")]
    [InlineData("ldh [12]\njne #0x800, drop\nldb [23]\njneq #6, drop\nret #-1\ndrop: ret #0", "6,40 0 0 12,21 0 3 2048,48 0 0 23,21 0 1 6,6 0 0 4294967295,6 0 0 0")]
    [InlineData("ld rand\nmod #4\njneq #1, drop\nret #-1\ndrop: ret #0", "5,32 0 0 4294963256,148 0 0 4,21 0 1 1,6 0 0 4294967295,6 0 0 0")]
    [InlineData("ld vlan_tci\njneq #10, drop\nret #-1\ndrop: ret #0", "4,32 0 0 4294963244,21 0 1 10,6 0 0 4294967295,6 0 0 0")]
    [InlineData("ld #len ; comment\nldx len /* another\nof two lines */ ld #5 ldi 0x10 ldxi #7 ldx #8 ret a", "7,128 0 0 0,129 0 0 0,0 0 0 5,0 0 0 16,1 0 0 7,1 0 0 8,22 0 0 0")]
    [InlineData("ld [x+14]\nldh [%x + 0x10]\nldb [x]\nldx 4*([14]&0xf)\nldxb 4*([014]&017)\nret %a", "6,64 0 0 14,72 0 0 16,80 0 0 0,177 0 0 14,177 0 0 12,22 0 0 0")]
    [InlineData("st M[3]\nstx M[4]\nld M[3]\nldx M[4]\ntax\ntxa\nneg\nadd x\nlsh %x\nsub #1\nret #0", "11,2 0 0 3,3 0 0 4,96 0 0 3,97 0 0 4,7 0 0 0,135 0 0 0,132 0 0 0,12 0 0 0,108 0 0 0,20 0 0 1,6 0 0 0")]
    [InlineData("jlt #5, out\njle x, out\njgt #1, out\njge %x, out, next\nnext: jset #0b101, out\njmp out\nout: ret #1", "7,53 0 5 5,45 0 4 0,37 3 0 1,61 2 0 0,69 1 0 5,5 0 0 0,6 0 0 1")]
    [InlineData("ldh proto\nldb #type\nld ifidx\nld nla\nld nlan\nld mark\nld queue\nld hatype\nld rxhash\nld cpu\nld vlan_avail\nld vlan_pr\nld poff\nld vlan_tpid\nret a",
        "15,40 0 0 4294963200,48 0 0 4294963204,32 0 0 4294963208,32 0 0 4294963212,32 0 0 4294963216,32 0 0 4294963220,32 0 0 4294963224,32 0 0 4294963228,32 0 0 4294963232,32 0 0 4294963236,32 0 0 4294963248,32 0 0 4294963248,32 0 0 4294963252,32 0 0 4294963260,22 0 0 0")]
    [InlineData("ld [-4096]\nldb [-0x100000]\nret #0", "3,32 0 0 4294963200,48 0 0 4293918720,6 0 0 0")]
    public void Assembly_becomes_what_the_kernels_assembler_makes_of_it(string text, string bytecode)
    {
        ClassicFilter filter = ClassicFilter.Parse(text);
        Assert.Equal(bytecode, filter.ToString(ClassicForm.Bytecode));
        Assert.Equal(filter.Instructions.ToArray(), ClassicFilter.Parse(filter.ToString(ClassicForm.Assembly)).Instructions.ToArray());
        Assert.Equal(filter.Instructions.ToArray(), ClassicFilter.Parse(filter.ToString()).Instructions.ToArray());
    }

    [Theory]
    [InlineData("ldh [12]\nldq [14]", "Line 2 of the filter: 'ldq' is no instruction")]
    [InlineData("ldh [12\nret #0", "Line 2 of the filter: ']' is expected, and 'ret' stands there")]
    [InlineData("jeq #1, out\nret #0", "Line 1 of the filter: the label 'out' is set nowhere")]
    [InlineData("up: ret #0\njmp up", "Line 2 of the filter: it jumps back to 'up'")]
    [InlineData("up: ret #0\nup: ret #0", "Line 2 of the filter: the label 'up' is set twice")]
    [InlineData("ret #4294967296", "'4294967296' is no number of 32 bits")]
    [InlineData("ret #0x", "'0x' is no number of 32 bits")]
    [InlineData("ldx 5*([14]&0xf)", "4*([k]&0xf)")]
    [InlineData("ldxb [14]", "4*([k]&0xf) is expected")]
    [InlineData("ret x", "no filter returns X")]
    [InlineData("ld\nret #0", "'ret' is nothing to load")]
    [InlineData("ret #0 /* no end", "the comment does not end")]
    [InlineData("(001) ret #0", "the line has the index '001', and is instruction 0")]
    [InlineData("jeq", "a number is expected, and the end of the text stands there")]
    [InlineData("3,6 0 0 0", "says that it has 3 instructions, and 4 numbers follow")]
    [InlineData("1,6 0 0 4294967296", "'4294967296' is no number of 32 bits")]
    [InlineData("1,65536 0 0 0", "Instruction 0: code is 65536; 65535 is the most")]
    [InlineData("{ 0x6, 0, 256, 0 },", "Instruction 0: jf is 256; 255 is the most")]
    [InlineData("{ 0x6, 0, 0 },", "3 numbers")]
    public void What_is_malformed_is_refused_with_its_line(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<BpfFormatException>(() => ClassicFilter.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_condition_that_leads_too_far_is_refused()
    {
        string text = "jeq #1, out\n" + string.Concat(Enumerable.Repeat("tax\n", 256)) + "out: ret #0";
        Assert.Contains("'out' is 256 instructions away", Assert.Throws<BpfFormatException>(() => ClassicFilter.Parse(text)).Message, StringComparison.Ordinal);
        Assert.Equal(255, ClassicFilter.Parse(text.Replace("#1, out\ntax", "#1, out", StringComparison.Ordinal)).Instructions.Span[0].JumpTrue);
    }

    [Theory]
    [InlineData("", "The filter has no instruction.")]
    [InlineData("1,0 0 0 5", "Instruction 0: The last instruction must be 'ret'.")]
    [InlineData("2,15 0 0 0,6 0 0 0", "Instruction 0: The code 0xf is none of classic BPF.")]
    [InlineData("2,52 0 0 0,6 0 0 0", "Instruction 0: It divides by the constant 0.")]
    [InlineData("2,148 0 0 0,6 0 0 0", "Instruction 0: It divides by the constant 0.")]
    [InlineData("2,100 0 0 32,6 0 0 0", "Instruction 0: It shifts a word of 32 bits by 32.")]
    [InlineData("2,2 0 0 16,6 0 0 0", "Instruction 0: The scratch memory has the words M[0] to M[15], and not M[16].")]
    [InlineData("2,5 0 0 1,6 0 0 0", "Instruction 0: It jumps behind the end of the filter, to 2.")]
    [InlineData("2,5 0 0 4294967295,6 0 0 0", "Instruction 0: It jumps behind the end of the filter, to 4294967296.")]
    [InlineData("2,21 1 0 0,6 0 0 0", "Instruction 0: It jumps behind the end of the filter, to 2.")]
    [InlineData("2,21 0 255 0,6 0 0 0", "Instruction 0: It jumps behind the end of the filter, to 256.")]
    [InlineData("2,32 0 0 4294963201,6 0 0 0", "Instruction 0: It loads at SKF_AD_OFF+1, where no extension is.")]
    [InlineData("2,96 0 0 3,22 0 0 0", "Instruction 0: M[3] was not written on every way that leads here.")]
    [InlineData("4,21 0 1 5,2 0 0 0,96 0 0 0,22 0 0 0", "Instruction 2: M[0] was not written on every way that leads here.")]
    public void What_the_kernel_refuses_is_refused_with_its_instruction(string text, string reason)
    {
        ClassicFilter filter = text.Length == 0 ? new ClassicFilter() : ClassicFilter.Parse(text);
        Assert.Equal(reason, filter.Check()?.ToString());
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => filter.Translate()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ldh [0]\nret #0", "Instruction 0: 'ldh      [0]' is not for filters of system calls")]
    [InlineData("mod #3\nret #0", "Instruction 0: 'mod      #3' is not for filters of system calls")]
    [InlineData("ld [2]\nret #0", "Instruction 0: Its offset 2 is no multiple of 4.")]
    [InlineData("ld [64]\nret #0", "Instruction 0: It loads at offset 64 of struct seccomp_data, which has 64 bytes.")]
    [InlineData("ld [x + 4]\nret #0", "is not for filters of system calls")]
    public void What_seccomp_refuses_is_refused_with_its_instruction(string text, string reason) =>
        Assert.Contains(reason, ClassicFilter.Parse(text).Check(ClassicFilterUse.Seccomp)?.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Too_long_a_filter_is_refused()
    {
        var instructions = new ClassicInstruction[ClassicFilter.MaximumLength + 1];
        Array.Fill(instructions, new ClassicInstruction(6, 0, 0, 0));
        Assert.Contains("4097 instructions", new ClassicFilter(instructions).Check()?.ToString(), StringComparison.Ordinal);
        Assert.Null(new ClassicFilter(instructions.AsSpan(1)).Check());
    }

    [Fact]
    public void Any_instructions_survive_each_form_of_numbers()
    {
        var gen = ArbMap.Default.GeneratorFor<(ushort, byte, byte, uint)>().ArrayOf();
        Prop.ForAll(gen.ToArbitrary(), each =>
        {
            var filter = new ClassicFilter([.. each.Select(static four => new ClassicInstruction(four.Item1, four.Item2, four.Item3, four.Item4))]);
            foreach (ClassicForm form in (ClassicForm[])[ClassicForm.Decimal, ClassicForm.Bytecode, ClassicForm.C])
            {
                if (each.Length == 0 && form == ClassicForm.C) continue; // nothing is written then
                if (!filter.Instructions.Span.SequenceEqual(ClassicFilter.Parse(filter.ToString(form)).Instructions.Span)) return false;
            }

            return filter.ToString().Length >= 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_read_or_refused()
    {
        string[] words = ["ld", "ldx", "jeq", "ret", "#", "[", "]", "x", "M", "(", ")", "4", "*", "&", "0xf", ":", "a", ",", "out", "jt", "jf", "+", "-", "{", "}", "len", "\n"];
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            try
            {
                ClassicFilter.Parse(text).Check();
            }
            catch (BpfFormatException)
            {
                // As it should.
            }
        }
    }

    [Fact]
    public void What_is_made_for_the_kernel_is_what_the_kernel_makes()
    {
        // The example of net/core/filter.c's comments, and each way that a jump is translated.
        ClassicFilter filter = ClassicFilter.Parse("""
            ldh [12]
            jeq #0x800, next, drop
            next: ldx 4*([14]&0xf)
            jset #0xff, two, drop
            two: jge #0x80000000, three, drop
            three: div x
            st M[2]
            ldx M[2]
            ld ifidx
            ld proto
            ld poff
            ret a
            drop: ret #7
            """);
        var text = new System.IO.StringWriter();
        Loader.Instructions.BpfDisassembler.Write(text, filter.Translate().Instructions.Span);
        Snapshot.Match(text.ToString());
    }
}
