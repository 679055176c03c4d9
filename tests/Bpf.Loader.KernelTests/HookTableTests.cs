using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests;

/// <summary>Holds <c>docs/hooks.md</c> against the section names that the library knows, and against these tests.</summary>
public sealed partial class HookTableTests
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(TestObjects.Folder, "..", "docs", "hooks.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void Every_section_name_has_one_row()
    {
        string[] listed = [.. Rows.SelectMany(row => Code().Matches(row[0]).Select(match => match.Groups[1].Value))];
        Assert.Equal(listed.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(SectionTable.All.Select(row => row.Name).Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var tests = new HashSet<string>(StringComparer.Ordinal);
        foreach (Type type in typeof(HookTableTests).Assembly.GetTypes())
        {
            tests.Add(type.Name);
            foreach (System.Reflection.MethodInfo method in type.GetMethods()) tests.Add($"{type.Name}.{method.Name}");
        }

        foreach (string[] row in Rows)
        {
            Assert.Equal(7, row.Length);
            bool runs = row[3..6].Any(cell => cell.Length > 0);
            Match test = Code().Match(row[6]);
            // Where no kernel has the hook, the table says so in words.
            if (runs) Assert.Contains(test.Groups[1].Value, tests);
            else Assert.DoesNotContain('.', test.Groups[1].Value);
        }
    }

    // A hook that came with a version is not said to be tested on an older kernel.
    [Fact]
    public void No_test_runs_on_a_kernel_that_is_too_old()
    {
        Version[] kernels = [new(6, 18), new(6, 12), new(6, 1)];
        foreach (string[] row in Rows)
        {
            Match first = FirstVersion().Match(row[2]);
            if (!first.Success) continue;
            var since = Version.Parse(first.Value);
            for (int i = 0; i < kernels.Length; i++)
            {
                if (row[3 + i].Length > 0) Assert.True(kernels[i] >= since, $"{row[0]} came with {since}, and is said to be tested on {kernels[i]}");
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex FirstVersion();
}
