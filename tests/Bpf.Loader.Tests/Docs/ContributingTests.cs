using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>What CONTRIBUTING says of the tree is so: its files are there, its ways are straight, and what is decided in a file is in it.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestData.Repository, "CONTRIBUTING.md"));

    public static TheoryData<string> Trips() => [.. Section("Ten files to read").Split("\n**").Skip(1).Select(trip => trip.Split("**")[0])];

    public static TheoryData<string, string, string> Decisions()
    {
        var decisions = new TheoryData<string, string, string>();
        foreach (Match row in Decision().Matches(Section("Where is it decided?"))) decisions.Add(row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value);
        return decisions;
    }

    [Theory, MemberData(nameof(Trips))]
    public void A_trip_is_ten_files_of_which_each_is_named_before(string trip)
    {
        string text = Section("Ten files to read").Split($"\n**{trip}**")[1].Split("\n**")[0];
        string[] files = [.. Stop().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.Equal(10, files.Length);
        string read = Read(files[0]);
        foreach (string file in files.Skip(1))
        {
            string type = Path.GetFileName(file).Split('.')[0];
            Assert.True(Regex.IsMatch(read, $@"\b{type}\b"), $"{file}: no file before it names {type}.");
            read += Read(file);
        }
    }

    [Fact]
    public void There_are_four_trips_and_twenty_decisions()
    {
        Assert.Equal(4, Trips().Count);
        Assert.Equal(20, Decisions().Count);
    }

    [Theory, MemberData(nameof(Decisions))]
    public void A_decision_is_in_its_file(string what, string file, string member)
        => Assert.True(Regex.IsMatch(Code(Read(file)), $@"\b{member}\b"), $"{file}, where it is decided {what}, has no {member}.");

    [Fact]
    public void The_folders_of_the_library_are_all_in_the_table()
    {
        string table = Section("Where things live");
        IEnumerable<string> folders = Directory.GetDirectories(Path.Combine(TestData.Repository, "src", "Bpf.Loader")).Select(folder => Path.GetFileName(folder)).Where(name => name is not ("build" or "obj" or "bin"));
        Assert.All(folders, folder => Assert.Contains($"`…/{folder}`", table, StringComparison.Ordinal));
    }

    private static string Section(string title) => Page.Split($"\n## {title}\n")[1].Split("\n## ")[0];

    private static string Read(string file) => File.ReadAllText(Path.Combine(TestData.Repository, file));

    // Comments decide nothing.
    private static string Code(string text) => string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\d+\. `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Stop();

    [GeneratedRegex(@"^\| ([^|]+) \| `(src/[^`]+)` \| `(\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Decision();
}
