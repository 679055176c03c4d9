using System.IO;
using System.Text;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class KernelSymbolsTests
{
    [Fact]
    public void Symbols_are_found_by_name()
    {
        KernelSymbols symbols = Find(
            "ffffffff81000000 T _text\nffffffff81000010 t helper\nffffffffc0001000 d counter\t[mod]\n", "_text", "counter", "absent");
        Assert.True(symbols.TryGet("_text", out KernelSymbolMatch text));
        Assert.Equal(0xffffffff81000000u, text.Address);
        Assert.False(text.IsAmbiguous);
        Assert.True(symbols.TryGet("counter", out KernelSymbolMatch counter));
        Assert.Equal(0xffffffffc0001000u, counter.Address);
        Assert.False(symbols.TryGet("absent", out _));
        Assert.False(symbols.TryGet("helper", out _));
        Assert.False(symbols.AreAddressesHidden);
    }

    [Theory]
    [InlineData("bpf_prog_idr", "Did you mean 'bpf_prog_idr_lock'?")]
    [InlineData("jiffeis", "Did you mean 'jiffies'?")]
    [InlineData("nothing_like_it", null)]
    public void A_symbol_that_is_missing_is_told_with_its_neighbour(string name, string? says)
    {
        using var reader = new KernelSymbolReader(new MemoryStream("10 D jiffies\n20 d bpf_prog_idr_lock\n30 t __pfx_jiffeis\n"u8.ToArray()), "symbols");
        Assert.Equal(says, KernelSymbols.FindNear(reader, name));
    }

    [Theory]
    [InlineData("10 d a\n10 d a\n", false)]
    [InlineData("10 d a\n20 d a\n", true)]
    [InlineData("10 d a\n20 d a\n10 d a\n", true)]
    [InlineData("10 d a\n20 d a.llvm.123\n", true)]
    [InlineData("10 d a\n20 t a.llvm.123\n", false)]
    [InlineData("10 d a\n20 D a.llvm.123\n", false)]
    [InlineData("10 d a\n20 d a.cold\n", false)]
    public void Two_addresses_make_a_name_ambiguous(string lines, bool ambiguous)
    {
        Assert.True(Find(lines, "a").TryGet("a", out KernelSymbolMatch match));
        Assert.Equal(ambiguous, match.IsAmbiguous);
        Assert.Equal(0x10u, match.Address);
    }

    [Theory]
    [InlineData("d", true)]
    [InlineData("t", false)]
    [InlineData("b", false)]
    [InlineData("D", false)]
    public void Only_static_data_is_known_without_its_link_time_suffix(string kind, bool known)
        => Assert.Equal(known, Find($"10 {kind} a.llvm.5555\n", "a").TryGet("a", out _));

    [Fact]
    public void Whole_name_with_suffix_is_found_unless_it_is_static_data()
    {
        // As libbpf has it: for the letter d the suffix is cut off before names are compared.
        Assert.True(Find("10 t a.llvm.5\n", "a.llvm.5").TryGet("a.llvm.5", out _));
        Assert.False(Find("10 d a.llvm.5\n", "a.llvm.5").TryGet("a.llvm.5", out _));
    }

    [Fact]
    public void Hidden_addresses_are_told()
    {
        Assert.True(Find("0000000000000000 T a\n0000000000000000 T b\n", "a").AreAddressesHidden);
        Assert.False(Find("0000000000000000 A a\nffffffff81000000 T b\n", "a").AreAddressesHidden);
    }

    [Fact]
    public void Names_of_every_length_and_other_alphabets_do_no_harm()
    {
        string name = new('x', 700);
        KernelSymbols symbols = Find($"10 t {name}\n20 t {name}y\n30 t é\n", name, "é");
        Assert.True(symbols.TryGet(name, out KernelSymbolMatch match));
        Assert.Equal(new KernelSymbolMatch(0x10, 0x10), match);
    }

    [Fact]
    public void Last_line_needs_no_end() => Assert.True(Find("10 t a\n20 t b", "b").TryGet("b", out _));

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("\n")]
    [InlineData("10\n")]
    [InlineData("10 t\n")]
    [InlineData("10 t \n")]
    [InlineData("10 tt a\n")]
    [InlineData("11112222333344445 t a\n")]
    public void Other_lines_are_refused(string lines)
        => Assert.Throws<BpfFormatException>(() => Find("10 t a\n" + lines, "a"));

    [Fact]
    public void Module_is_told()
    {
        using KernelSymbolReader reader = Reader("10 t a\t[mod]\n20 t b\n");
        Assert.True(reader.TryRead(out KernelSymbol symbol));
        Assert.Equal("mod", Encoding.ASCII.GetString(symbol.Module));
        Assert.Equal("a", Encoding.ASCII.GetString(symbol.Name));
        Assert.Equal((byte)'t', symbol.Kind);
        Assert.True(reader.TryRead(out symbol));
        Assert.True(symbol.Module.IsEmpty);
        Assert.False(reader.TryRead(out _));
    }

    private static KernelSymbols Find(string lines, params string[] names)
    {
        using KernelSymbolReader reader = Reader(lines);
        return KernelSymbols.Find(reader, names);
    }

    private static KernelSymbolReader Reader(string lines) => new(new MemoryStream(Encoding.UTF8.GetBytes(lines)), "test");
}
