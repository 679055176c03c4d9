using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What helpers answer, in numbers that the kernel gave; that it still does is the kernel tests' to show.</summary>
public sealed class AnswerTests
{
    private readonly BpfMachine _machine = new();

    [Fact]
    public void Numbers_become_texts_as_in_the_kernel()
    {
        BpfMachineObject bpf = Run("answers", "numbers_as_texts");
        string[] texts = [.. bpf.GlobalBytes("texts").ToArray().Chunk(24).Take(13).Select(static text => Encoding.Latin1.GetString(text).TrimEnd('\0'))];
        Assert.Equal(
            ["-0042|", "+42|", " 7|", "-3    |", "000000ab|", "    17|", "+0042|", "42   |", "-1|", "FEEDBEEFCAFE|", "   x|", "% 18446744073709551615|", "-1|"],
            texts);
        Assert.Equal([7, 5, 4, 8, 10, 8, 7, 7, 4, 14, 6, 24, 4], Results(bpf, 13));
    }

    [Fact]
    public void Formats_that_the_kernel_refuses_print_nothing()
    {
        BpfMachineObject bpf = Run("answers", "formats");
        Assert.Equal([-22, 2, -22, -22, -22, -22, -22, 3, -22, -22, 4, -22, -22], Results(bpf, 13));
        Assert.Equal(["12", "123", "a\tb"], _machine.TraceOutput);
    }

    [Fact]
    public void Texts_become_numbers_as_in_the_kernel()
    {
        BpfMachineObject bpf = Run("answers", "texts_as_numbers");
        Assert.Equal([4, 1, 3, 4, 4, 1, -22, 20, -34, -34, 20, -22, 1, 1, 2], Results(bpf, 15));
        Assert.Equal([31, 0, 15, -12, 16, 0, 0, -1, 0, 0, long.MinValue, 0, 0, 0, 255], Longs(bpf, "values", 15));
    }

    [Fact]
    public void Timers_have_three_clocks()
    {
        long[] results = Results(Run("answers", "clocks"), 16);
        Assert.Equal([0, 1, 7], Enumerable.Range(0, 16).Where(clock => results[clock] == 0));
        Assert.All(Enumerable.Range(0, 16).Except([0, 1, 7]), clock => Assert.Equal(-22, results[clock]));
    }

    [Fact]
    public void A_timer_that_was_cancelled_has_lost_its_callback() =>
        Assert.Equal([0, -22, 0, 0, 1, -22, 0, 0, 1, 0], Results(Run("answers", "cancelled"), 10));

    [Theory]
    [InlineData("of_value", 16, 0)]
    [InlineData("of_packet", 64, 0)]
    [InlineData("only_read", 50, 1)]
    public void Dynamic_pointers_are_cut_and_copied(string program, long size, long isReadOnly)
    {
        BpfMachineObject bpf = _machine.Load(Open("dynptrs"));
        Assert.Equal((int)isReadOnly, bpf.Program(program).Run(new SkBuffContext(new byte[64]) { StartsAtNetworkHeader = isReadOnly == 1 }).ReturnValue);
        long[] written = isReadOnly == 1 ? [-22, -22, 0, 0] : [0, -7, 0, 'b'];
        Assert.Equal([size, 0, 6, -22, -34, 0, .. written, size, isReadOnly], Results(bpf, 12));
    }

    private static BpfObjectFile Open(string name) => BpfObjectFile.Open(TestData.PathOf($"machine/{name}.bpf.o"));

    private static long[] Results(BpfMachineObject bpf, int count) => Longs(bpf, "results", count);

    private static long[] Longs(BpfMachineObject bpf, string name, int count) => MemoryMarshal.Cast<byte, long>(bpf.GlobalBytes(name))[..count].ToArray();

    private BpfMachineObject Run(string name, string program)
    {
        BpfMachineObject bpf = _machine.Load(Open(name));
        Assert.Equal(0, bpf.Program(program).RunTc(new byte[64]).ReturnValue);
        return bpf;
    }
}
