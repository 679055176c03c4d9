using System;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Symbols;
using Xunit;

namespace Bpf.Loader.Tests.Symbols;

public class DemanglerTests
{
    [Fact]
    public void Names_are_shown_as_binutils_show_them()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(TestData.Root, "symbols", "names.tsv")).Where(line => !line.StartsWith('#'))];
        Assert.True(lines.Length > 1000);
        Assert.All(lines, line =>
        {
            string[] words = line.Split('\t');
            Assert.Equal(words[1], Demangler.Demangle(words[0], verbose: true));
        });
    }

    [Theory]
    [InlineData("_ZNSs6appendEPKc", "std::string::append(char const*)")]
    [InlineData("_ZNSolsEi", "std::ostream::operator<<(int)")]
    [InlineData("_ZNSsC1Ev", "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string()")]
    [InlineData("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad")]
    [InlineData("_RNvCskwGfYPst2Cb_3foo16example_function", "foo::example_function")]
    [InlineData("_RINvC3foo3barKj1f_E", "foo::bar::<31>")]
    public void Without_words_that_only_tools_need_names_are_short(string mangled, string expected)
    {
        Assert.Equal(expected, Demangler.Demangle(mangled));
    }

    // What binutils 2.40 show otherwise than the language has it.
    [Theory]
    [InlineData("_ZGRZ1fvE1x0_", "reference temporary #1 for f()::x")]
    [InlineData("_ZN3fmt4passIcRZNS_5parseIcRiEEPKT_S5_OT0_E7adapterEES5_S5_S7_", "char const* fmt::pass<char, fmt::parse<char, int&>(char const*, int&)::adapter&>(char const*, fmt::parse<char, int&>(char const*, int&)::adapter&)")]
    [InlineData("_RINvC3foo3barKo80000000000000000000000000000000_E", "foo::bar::<0x80000000000000000000000000000000>")]
    [InlineData("_Z1fIiEDTtiT_ES0_", "decltype (typeid (int)) f<int>(int)")]
    public void Names_that_binutils_get_wrong_are_right(string mangled, string expected) => Assert.Equal(expected, Demangler.Demangle(mangled));

    [Theory]
    [InlineData("main")]
    [InlineData("")]
    [InlineData("_Z")]
    [InlineData("_R")]
    [InlineData("_ZN")]
    [InlineData("_Z1fT_")]
    [InlineData("_Z1fS1_")]
    [InlineData("_Z99999999999f")]
    [InlineData("_Z3foo_garbage@")]
    [InlineData("_RNvC3fooB_")]
    [InlineData("_RBz_")]
    [InlineData("_ZN3foo17h0123456789abcdef")]
    public void What_is_no_name_stays_as_it_is(string text)
    {
        Assert.False(Demangler.TryDemangle(text, out string name));
        Assert.Equal("", name);
        Assert.Equal(text, Demangler.Demangle(text));
    }

    [Fact]
    public void A_short_name_of_endless_length_is_given_up()
    {
        // Each argument is a pair of the one before: the name doubles thirty times.
        var doubled = new StringBuilder("_Z1fSt4pairIiiE");
        doubled.Append("S_IS0_S0_E");
        for (char last = '1'; last <= '9'; last++) doubled.Append($"S_IS{last}_S{last}_E");
        for (char last = 'A'; last <= 'Z'; last++) doubled.Append($"S_IS{last}_S{last}_E");
        Assert.False(Demangler.TryDemangle(doubled.ToString(), out _));

        // The same of packs that are empty, where nothing is printed.
        Assert.False(Demangler.TryDemangle("_Z1f" + string.Concat(Enumerable.Repeat("DpPF", 3000)), out _));
        Assert.False(Demangler.TryDemangle("_RINvC1a1b" + string.Concat(Enumerable.Range(0, 60).Select(_ => "TB8_B8_B8_B8_")) + "E", out _));
    }

    [Theory]
    [InlineData("_Z1f", "P", "i")]
    [InlineData("_Z1f", "N1AI", "E")]
    [InlineData("_Z1f", "M1A", "i")]
    [InlineData("_Z1fIX", "nt", "E")]
    [InlineData("_Z", "Z", "1fv")]
    [InlineData("_Z1fI", "J", "E")]
    [InlineData("_RINvC1a1b", "S", "E")]
    [InlineData("_R", "NvC", "E")]
    [InlineData("_RINvC1a1b", "RL_", "E")]
    public void However_deep_a_name_is_the_stack_does_not_overflow(string head, string piece, string tail) =>
        Assert.False(Demangler.TryDemangle(head + string.Concat(Enumerable.Repeat(piece, 200_000)) + tail, out _));

    [Fact]
    public void Parameters_that_refer_to_one_another_are_given_up() => Assert.False(Demangler.TryDemangle("_ZN1AcvT_IS_T0_T_EEv", out _));
}
