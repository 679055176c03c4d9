using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Bpf.Loader.Hosting;
using Bpf.Loader.Symbols;
using Bpf.Loader.Testing;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The page that says what each thing of the peers is called here: what it names, is there.</summary>
public sealed partial class ComingFromTests
{
    private const string Page = "docs/coming-from.md";
    private const int Columns = 6; // what for, four peers, and here

    private static readonly Type[] PublicTypes =
        [.. new[] { typeof(BpfObject), typeof(BpfBuilder), typeof(Symbolizer), typeof(BpfMachine) }.SelectMany(type => type.Assembly.GetExportedTypes())];

    public static TheoryData<string> Ours => [.. Rows().SelectMany(row => Code().Matches(row[^1])).Select(match => match.Groups["code"].Value).Distinct()];

    [Theory]
    [MemberData(nameof(Ours))]
    public void What_it_names_is_there(string name)
    {
        if (name.StartsWith('<'))
            Assert.Contains($"@({name.Trim('<', '/', ' ', '>')}", File.ReadAllText(Path.Combine(TestData.Repository, "src/Bpf.Loader.Build/build/Bpf.Loader.Build.targets")), StringComparison.Ordinal);
        else if (name.StartsWith("bpf ", StringComparison.Ordinal))
            Assert.Equal(0, BpfTool.Run([.. name.Split(' ')[1..], "--help"]).ExitCode);
        else if (name != "foreach")
            Assert.True(IsThere(name), $"there is no public {name}");
    }

    [Fact]
    public void Each_row_has_all_columns_and_a_name_here()
    {
        string[][] rows = [.. Rows()];
        Assert.True(rows.Length > 40);
        Assert.All(rows, row => Assert.True(row.Length == Columns && Code().IsMatch(row[^1]), string.Join(" | ", row)));
    }

    [Theory]
    [InlineData("BpfObject.Nonsense", false)]
    [InlineData("Nonsense", false)]
    [InlineData("BpfMap<TKey, TValue>.TryGet", true)]
    public void Names_that_are_not_there_are_found(string name, bool isThere) => Assert.Equal(isThere, IsThere(name));

    // "BpfMap<TKey, TValue>.TryGet": the type with its number of parameters, and a member.
    private static bool IsThere(string name)
    {
        Match parts = Name().Match(name);
        if (!parts.Success)
            return false;
        int parameters = parts.Groups["parameters"] is { Success: true } list ? list.Value.Count(',') + 1 : 0;
        string typeName = parameters == 0 ? parts.Groups["type"].Value : $"{parts.Groups["type"].Value}`{parameters}";
        Group member = parts.Groups["member"];
        return PublicTypes.Any(type => type.Name == typeName && (!member.Success || type.GetMember(member.Value, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Length > 0));
    }

    private static IEnumerable<string[]> Rows() => File.ReadLines(Path.Combine(TestData.Repository, Page))
        .Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal) && !line.StartsWith("| to ", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?<type>\w+)(?:<(?<parameters>[^>]+)>)?(?:\.(?<member>\w+))?$")]
    private static partial Regex Name();
}
