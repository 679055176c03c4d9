using System.IO;
using System.Linq;
using Bpf.Loader.Instructions;
using Xunit;

namespace Bpf.Loader.Tests.Instructions;

public class BpfDisassemblerTests
{
    public static TheoryData<string> Programs { get; } = new(IsaPrograms.All.Keys);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Prints_like_the_verifier(string program)
    {
        var text = new StringWriter();
        BpfDisassembler.Write(text, IsaPrograms.All[program]);
        Snapshot.Match(text.ToString(), program);
    }

    [Theory]
    [InlineData(BpfPseudo.MapDescriptor, 7, 0, "r1 = map[fd:7]")]
    [InlineData(BpfPseudo.MapValue, 7, 16, "r1 = map[fd:7][0]+16")]
    [InlineData(BpfPseudo.MapIndex, 2, 0, "r1 = map[idx:2]")]
    [InlineData(BpfPseudo.MapIndexValue, 2, 8, "r1 = map[idx:2][0]+8")]
    [InlineData(BpfPseudo.BtfId, 1234, 0, "r1 = ksym[btf_id:1234]")]
    [InlineData(BpfPseudo.BtfId, 1234, 5, "r1 = ksym[btf_fd:5 btf_id:1234]")]
    [InlineData(BpfPseudo.Function, -3, 0, "r1 = subprog[-3]")]
    [InlineData(0, -1, 0x7f, "r1 = 0x7fffffffff")]
    [InlineData(0, 0, 0, "r1 = 0x0")]
    public void Prints_what_a_64_bit_load_means(int source, int low, int high, string expected)
    {
        BpfInstruction[] code = [new(BpfOpCode.LoadImmediate64, 1, source, 0, low), new(0, 0, 0, 0, high)];
        Assert.Equal(expected, BpfDisassembler.Format(code, 0));
    }

    [Theory]
    [InlineData(0xbf, 1, 2, 1, 0x10002, "r1 = addr_space_cast(r2, 1, 2)")]
    [InlineData(0xbf, 1, 2, -1, 0, "r1 = &(void __percpu *)(r2)")]
    [InlineData(0x0d, 3, 0, 0, 0, "gotox r3")]
    [InlineData(0x85, 0, 0, 0, 195896080, "call unknown#195896080")]
    [InlineData(0x85, 0, 2, 0, 77, "call kernel-function#77")]
    [InlineData(0x85, 0, 1, 0, -5, "call pc-5")]
    [InlineData(0xc2, 0, 0, 0, 0, "nospec")]
    public void Prints_the_rare(int code, int destination, int source, short offset, int immediate, string expected)
        => Assert.Equal(expected, BpfDisassembler.Format([new((byte)code, destination, source, offset, immediate)], 0));

    [Fact]
    public void Names_what_instructions_refer_to()
    {
        BpfInstruction[] code = new BpfAssembler().LoadMap(BpfRegister.R1, 0).Call("f").CallKernelFunction(9).Label("f").Exit().ToArray();
        string[] names = ["map[events]", "", "f", "bpf_task_acquire"];
        string[] text = [.. new[] { 0, 2, 3, 4 }.Select(i => BpfDisassembler.Format(code, i, (at, _) => names[at]))];
        Assert.Equal(["r1 = map[events]", "call f", "call bpf_task_acquire#9", "exit"], text);
    }

    // Whatever the bytes are, there is a text, and the text of a code that does not exist says so.
    [Fact]
    public void Prints_something_for_every_code()
    {
        for (int code = 0; code < 256; code++)
        {
            for (int source = 0; source < 16; source += 5)
            {
                foreach (short offset in new short[] { 0, 1, -1, 8 })
                    Assert.NotEmpty(BpfDisassembler.Format([new((byte)code, 15, source, offset, -1)], 0));
            }
        }

        string[] known = [.. Enumerable.Range(0, 256).Where(c => !BpfDisassembler.Format([new((byte)c, 1, 0, 0, 0), default], 0).StartsWith("BUG", System.StringComparison.Ordinal)).Select(c => c.ToString("x2"))];
        Snapshot.Match(string.Join(' ', known));
    }

    [Fact]
    public void A_64_bit_load_cut_in_half_is_no_instruction()
        => Assert.Equal("BUG_ld_18", BpfDisassembler.Format([new(BpfOpCode.LoadImmediate64, 1, 0, 0, 5)], 0));
}
