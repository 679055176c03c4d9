using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests;

/// <summary>Holds <c>docs/hooks.md</c> against the section names that the library knows, and against these tests.</summary>
public sealed partial class HookTableTests
{
    [Fact]
    public void Every_section_name_has_one_row()
    {
        string[] listed = [.. HookTable.Rows.SelectMany(row => Code().Matches(row[0]).Select(match => match.Groups[1].Value))];
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

        foreach (string[] row in HookTable.Rows)
        {
            Assert.Equal(HookTable.Cells, row.Length);
            // Where no kernel has the hook, the table says so in words.
            if (row[^1].StartsWith('`')) Assert.Contains(HookTable.TestOf(row), tests);
            else Assert.DoesNotContain(Enumerable.Range(0, HookTable.Kernels.Count), kernel => HookTable.HasDot(row, kernel));
        }
    }

    // A hook that came with a version is not said to be tested on an older kernel.
    [Fact]
    public void No_test_runs_on_a_kernel_that_is_too_old()
    {
        IReadOnlyList<Version> kernels = HookTable.Kernels;
        foreach (string[] row in HookTable.Rows)
        {
            Match first = FirstVersion().Match(row[2]);
            if (!first.Success) continue;
            var since = Version.Parse(first.Value);
            for (int i = 0; i < kernels.Count; i++)
            {
                if (HookTable.HasDot(row, i)) Assert.True(kernels[i] >= since, $"{row[0]} came with {since}, and is said to be tested on {kernels[i]}");
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex FirstVersion();
}
