using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The page of dependencies names each package that is referred to, and no other.</summary>
public sealed partial class DependenciesPageTests
{
    private static readonly string[] Tables = ["## What comes with a package of ours", "## What stays here"];

    [Fact]
    public void Every_package_has_its_reason_and_every_reason_its_package()
    {
        string[] packages = [.. Elements(Path.Combine(TestData.Repository, "Directory.Packages.props"), "PackageVersion")];
        Assert.True(packages.Length > 10, "The packages are not found.");
        Assert.Equal(packages.Order(StringComparer.Ordinal), Named().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_package_is_used()
    {
        HashSet<string> used = [.. Projects().SelectMany(project => Elements(project, "PackageReference"))];
        Assert.Subset(used, Elements(Path.Combine(TestData.Repository, "Directory.Packages.props"), "PackageVersion").ToHashSet());
    }

    [Fact]
    public void The_library_depends_on_nothing()
    {
        string project = Path.Combine(TestData.Repository, "src", "Bpf.Loader", "Bpf.Loader.csproj");
        Assert.Empty(Elements(project, "PackageReference"));
        Assert.Contains("Bpf.Loader.Analyzers", string.Concat(Elements(project, "ProjectReference")), StringComparison.Ordinal);
    }

    // The names in the columns that name packages; those of ours are no dependencies.
    private static HashSet<string> Named()
    {
        string page = File.ReadAllText(Path.Combine(TestData.Repository, "docs", "dependencies.md"));
        var names = new HashSet<string>();
        foreach (string table in Tables)
        {
            string section = page[page.IndexOf(table, StringComparison.Ordinal)..].Split("\n## ")[0];
            int column = table == Tables[0] ? 2 : 1;
            foreach (string row in section.Split('\n').Where(line => line.StartsWith('|')).Skip(2))
                names.UnionWith(Name().Matches(row.Split('|')[column]).Select(match => match.Groups[1].Value));
        }

        return [.. names.Where(name => name is not "bpf")];
    }

    private static IEnumerable<string> Projects() =>
        from folder in (string[])["src", "tests"]
        from pattern in (string[])["*.csproj", "Directory.Build.props"]
        from path in Directory.EnumerateFiles(Path.Combine(TestData.Repository, folder), pattern, SearchOption.AllDirectories)
        where !path.Contains("/obj/", StringComparison.Ordinal)
        select path;

    private static IEnumerable<string> Elements(string file, string name) =>
        XDocument.Load(file).Descendants(name).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
