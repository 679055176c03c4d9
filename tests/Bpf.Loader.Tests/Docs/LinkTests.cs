using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>What the pages link to is there, also the heading, and every page is found from the README.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages() =>
    [
        .. Directory.GetFiles(TestData.Repository, "*.md").Concat(Directory.GetFiles(Path.Combine(TestData.Repository, "docs"), "*.md"))
            .Select(path => Path.GetRelativePath(TestData.Repository, path)).Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Pages))]
    public void What_a_page_links_to_is_there(string page) => Assert.DoesNotContain(Links(page), link => !Exists(page, link));

    [Fact]
    public void Every_page_is_found_from_the_README()
    {
        string[] linked = [.. Links("README.md").Select(link => link.Split('#')[0])];
        string[] pages = [.. Directory.GetFiles(Path.Combine(TestData.Repository, "docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}")];
        Assert.True(pages.Length > 20, "The pages are not found.");
        Assert.Empty(pages.Except([.. linked, .. linked.Where(link => link.StartsWith("docs/", StringComparison.Ordinal) && link.EndsWith(".md", StringComparison.Ordinal)).SelectMany(page => Links(page).Select(link => $"docs/{link.Split('#')[0]}"))]));
    }

    [Theory, InlineData("docs/no-such-page.md"), InlineData("docs/versions.md#no-such-heading"), InlineData("#no-such-heading")]
    public void A_dead_link_is_found(string link) => Assert.False(Exists("README.md", link));

    private static IEnumerable<string> Links(string page) =>
        Target().Matches(Inline().Replace(Prose(page), "")).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

    private static bool Exists(string page, string link)
    {
        string[] parts = link.Split('#');
        string path = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        if (!Path.Exists(Path.Combine(TestData.Repository, path))) return false;
        return parts.Length == 1 || Heading().Matches(Prose(path)).Any(match => Anchor(match.Groups[1].Value) == parts[1]);
    }

    // As GitHub makes it of a heading.
    private static string Anchor(string heading) => NoLetter().Replace(Text().Replace(heading, "$1").ToLowerInvariant(), "").Replace(' ', '-');

    private static string Prose(string page) => Block().Replace(File.ReadAllText(Path.Combine(TestData.Repository, page)), "");

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Target();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Text();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetter();
}
