using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The page that says what each thing of the peers is called here: what it names, is there.</summary>
public sealed class ComingFromTests
{
    private const string Page = "docs/coming-from.md";
    private const int Columns = 6; // what for, four peers, and here

    public static TheoryData<string> Ours => [.. Rows().SelectMany(row => OurNames.InCode(row[^1])).Distinct()];

    [Theory]
    [MemberData(nameof(Ours))]
    public void What_it_names_is_there(string name) => Assert.True(OurNames.IsThere(name), $"there is no public {name}");

    [Fact]
    public void Each_row_has_all_columns_and_a_name_here()
    {
        string[][] rows = [.. Rows()];
        Assert.True(rows.Length > 40);
        Assert.All(rows, row => Assert.True(row.Length == Columns && OurNames.InCode(row[^1]).Length > 0, string.Join(" | ", row)));
    }

    [Theory]
    [InlineData("BpfObject.Nonsense", false)]
    [InlineData("Nonsense", false)]
    [InlineData("<BpfNonsense />", false)]
    [InlineData("BpfMap<TKey, TValue>.TryGet", true)]
    public void Names_that_are_not_there_are_found(string name, bool isThere) => Assert.Equal(isThere, OurNames.IsThere(name));

    private static IEnumerable<string[]> Rows() => File.ReadLines(Path.Combine(TestData.Repository, Page))
        .Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal) && !line.StartsWith("| to ", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
}
