using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The page of all functions of libbpf, against libbpf's own list of them, our public face and our tests.</summary>
public sealed class LibbpfPageTests
{
    private const string Page = "docs/libbpf.md";
    private const int Columns = 4; // function, since, here, test

    public static TheoryData<string> Ours => [.. Rows().SelectMany(row => OurNames.InCode(row.Here)).Distinct()];

    public static TheoryData<string> Tests => [.. Rows().SelectMany(row => OurNames.InCode(row.Test)).Distinct()];

    [Fact]
    public void Each_function_has_one_row_below_its_header()
    {
        string[] listed = [.. File.ReadLines(TestData.PathOf("libbpf-functions.txt")).Where(line => !line.StartsWith('#'))];
        Assert.True(listed.Length > 300);
        Assert.Equal(listed.Order(StringComparer.Ordinal), Rows().Select(row => $"{row.Header} {row.Function} {row.Since}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void What_it_names_is_there(string name) => Assert.True(OurNames.IsThere(name), $"there is no public {name}");

    [Theory]
    [MemberData(nameof(Tests))]
    public void Each_test_that_it_names_is_there(string name) => Assert.True(OurNames.IsTest(name), $"there is no test {name}");

    [Fact]
    public void Each_row_says_what_does_the_same_and_who_sees_it_or_why_nothing_does() => Assert.All(Rows(), row =>
    {
        bool isLacking = row.Here.StartsWith("none:", StringComparison.Ordinal);
        Assert.True(isLacking ? row.Here.Length > "none: ".Length : row.Test.Length > 0, row.Function);
        Assert.DoesNotContain("missing", row.Here, StringComparison.Ordinal);
        Assert.True(isLacking || OurNames.InCode(row.Here).Length > 0 || row.Here.StartsWith("the class:", StringComparison.Ordinal), row.Function);
    });

    [Theory]
    [InlineData("LibbpfPageTests.Nonsense", false)]
    [InlineData("Nonsense.Each_function_has_one_row_below_its_header", false)]
    [InlineData("LibbpfPageTests.Rows", false)]
    [InlineData("LibbpfPageTests.Each_function_has_one_row_below_its_header", true)]
    [InlineData("LibbpfPageTests.Tests_that_are_not_there_are_found", true)]
    public void Tests_that_are_not_there_are_found(string name, bool isThere) => Assert.Equal(isThere, OurNames.IsTest(name));

    private static IEnumerable<(string Header, string Function, string Since, string Here, string Test)> Rows()
    {
        string header = "";
        foreach (string line in File.ReadLines(Path.Combine(TestData.Repository, Page)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) header = line[3..];
            if (!line.StartsWith("| `", StringComparison.Ordinal)) continue;
            string[] cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            Assert.True(cells.Length == Columns, line);
            yield return (header, cells[0].Trim('`'), cells[1], cells[2], cells[3]);
        }
    }
}
