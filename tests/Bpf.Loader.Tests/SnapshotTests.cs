using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Bpf.Loader.Tests;

/// <summary>Each snapshot has a test that compares with it: what nothing compares with tells nothing, and looks as if it did.</summary>
public class SnapshotTests
{
    [Fact]
    public void Every_snapshot_has_its_test()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(TestData.Repository, "tests"), "*.verified.txt", SearchOption.AllDirectories)];
        Assert.True(files.Length > 40, "The snapshots are not found.");
        Assert.Empty(files.Select(Orphaned).OfType<string>());
    }

    [Theory]
    [InlineData("PublicApiTests.The_public_surface_that_nobody_agreed.verified.txt")]
    [InlineData("PublicApiTests.The_public_surface_is_as_it_was_agreed_once.verified.txt")]
    [InlineData("Tool/UsageTests.Help_is_help_unwind.verified.txt")]
    [InlineData("Tool/NoSuchTests.Help_is_help_map.verified.txt")]
    public void One_without_is_found(string file) => Assert.NotNull(Orphaned(Path.Combine(TestData.Repository, "tests", "Bpf.Loader.Tests", file)));

    // Test.Method.verified.txt or Test.Method_CASE.verified.txt, beside Test.cs; Test may have a part behind a point.
    private static string? Orphaned(string file)
    {
        string stem = Path.GetFileName(file)[..^".verified.txt".Length];
        int point = stem.LastIndexOf('.');
        string source = Path.Combine(Path.GetDirectoryName(file)!, stem[..point] + ".cs"), name = stem[(point + 1)..];
        if (!File.Exists(source)) return $"{file}: there is no {source}";
        string text = File.ReadAllText(source);
        if (!text.Contains("Snapshot.Match(", StringComparison.Ordinal)) return $"{file}: no test of {source} compares with a snapshot";

        IEnumerable<string> methods = Regex.Matches(text, @"public (?:async Task|void) (\w+)\(").Select(match => match.Groups[1].Value);
        string? method = methods.Where(method => name == method || name.StartsWith(method + '_', StringComparison.Ordinal)).MaxBy(method => method.Length);
        if (method is null) return $"{file}: there is no test {name} in {source}";
        return name == method || IsCase(text, name[(method.Length + 1)..]) ? null : $"{file}: {method} has no such case";
    }

    // Cases stand in the source of the test, or are programs or objects that it goes through.
    private static bool IsCase(string source, string wanted)
    {
        if (Regex.IsMatch(source, $"\"{Regex.Escape(wanted)}[\".]") || source.Contains($"\"{wanted.Replace('-', ' ')}\"", StringComparison.Ordinal)) return true;
        return source.Contains("IsaPrograms", StringComparison.Ordinal) && Instructions.IsaPrograms.All.ContainsKey(wanted);
    }
}
