using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Bpf.Loader.Links.Targets;
using Xunit;

namespace Bpf.Loader.Tests.Links.Targets;

public sealed class GlobPatternTests
{
    [Fact]
    public void Agrees_with_a_regular_expression_on_random_texts()
    {
        var random = new Random(20250301);
        int matches = 0;
        for (int i = 0; i < 50_000; i++)
        {
            string name = Text(random, "ab", 8), pattern = Text(random, "ab*?", 6);
            bool expected = Regex.IsMatch(name, "^" + pattern.Replace("*", ".*", StringComparison.Ordinal).Replace('?', '.') + "$");
            Assert.True(expected == IsMatch(name, pattern), $"'{pattern}' and '{name}'");
            if (expected) matches++;
        }

        Assert.InRange(matches, 5_000, 45_000);
    }

    [Fact]
    public void Many_stars_do_not_make_it_slow()
    {
        // A matcher that backtracks over every star would not come to an end in our time.
        string stars = string.Concat(Enumerable.Repeat("a*", 200));
        Assert.False(IsMatch(new string('a', 2000) + "b", stars + "c"));
        Assert.True(IsMatch(new string('a', 2000) + "b", stars + "b"));
    }

    [Theory]
    [InlineData("a*c", true)]
    [InlineData("a?c", true)]
    [InlineData("abc", false)]
    public void Knows_patterns_from_names(string text, bool expected) => Assert.Equal(expected, GlobPattern.IsPattern(text));

    private static bool IsMatch(string name, string pattern) => GlobPattern.IsMatch(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(pattern));

    private static string Text(Random random, string alphabet, int maximum) =>
        string.Create(random.Next(maximum + 1), (random, alphabet), static (span, state) =>
        {
            foreach (ref char c in span) c = state.alphabet[state.random.Next(state.alphabet.Length)];
        });
}
