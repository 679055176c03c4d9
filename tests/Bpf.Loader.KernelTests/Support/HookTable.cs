using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// <c>docs/hooks.md</c>. At the end of the run its dots, which say on which kernels a test runs, are held against the tests that ran and
/// those that were skipped.
/// </summary>
public sealed partial class HookTable : IDisposable
{
    // Debian's newest moves on; this is what it was when the dots were set.
    private static readonly Version Newest = new(7, 3);

    private static readonly ConcurrentDictionary<string, bool> Ran = new(StringComparer.Ordinal);

    // Section names, hook, Linux, a column for each kernel, test.
    private static readonly Version[] Columns = [new(6, 18), Newest, new(6, 12), new(6, 1), new(5, 10), new(6, 12)];

    // Of the columns, the one whose kernel is for arm64; the others are for x86-64.
    private const int Arm64 = 5;

    /// <summary>How many cells a row has.</summary>
    public static int Cells => Columns.Length + 4;

    /// <summary>Its rows.</summary>
    public static IReadOnlyList<string[]> Rows { get; } =
    [
        .. File.ReadLines(Path.Combine(TestObjects.Folder, "..", "docs", "hooks.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    /// <summary>The kernels that it speaks of.</summary>
    public static IReadOnlyList<Version> Kernels => Columns;

    /// <summary>Whether a row says that its test runs on a kernel.</summary>
    public static bool HasDot(string[] row, int kernel) => row[3 + kernel].Length > 0;

    /// <summary>The test that a row names: class and method.</summary>
    public static string TestOf(string[] row) => Code().Match(row[^1]).Groups[1].Value;

    /// <summary>Notes that a test has ended.</summary>
    public static void Note(ITestContext context)
    {
        if (context.TestMethod is not { } method || context.TestState is not { } state) return;
        string type = method.TestClass.TestClassName;
        // What the kernel's policy of the day forbids says nothing about the hook.
        if (state.ExceptionMessages?.Any(message => message.Contains(KernelPolicy.Reason, StringComparison.Ordinal)) is true) return;
        // A test that skips itself does so by an exception.
        bool ran = state.Result != TestResult.Skipped && state.ExceptionMessages?.Any(message => message.Contains("DynamicSkip", StringComparison.Ordinal)) is not true;
        Ran.AddOrUpdate($"{type[(type.LastIndexOf('.') + 1)..]}.{method.MethodName}", ran, (_, before) => before || ran);
    }

    /// <summary>Compares, where this is one of its kernels.</summary>
    public void Dispose()
    {
        int kernel = Enumerable.Range(0, Columns.Length).FirstOrDefault(IsThis, -1);
        if (kernel < 0) return;
        string[] wrong =
        [
            .. Rows.Where(row => Ran.TryGetValue(TestOf(row), out bool ran) && ran != HasDot(row, kernel) && !(ran && HasPolicy(kernel)))
                .Select(row => $"{row[0]}: {TestOf(row)} {(HasDot(row, kernel) ? "did not run" : "ran")}"),
        ];
        Assert.True(wrong.Length == 0, $"docs/hooks.md is wrong about Linux {Columns[kernel]}{(kernel == Arm64 ? " on arm64" : "")}: {string.Join("; ", wrong)}");
    }

    // The first is hardened, by a policy that changes: what it forbade when the dots were set, it may permit today.
    private static bool HasPolicy(int kernel) => kernel == 0;

    // Others of the same version may be built otherwise: the first is one without kprobes, the others are Debian's.
    private static bool IsThis(int column)
    {
        if (Processor.IsX64 == (column == Arm64)) return false;
        KernelVersion current = KernelVersion.Current;
        Version version = Columns[column];
        if (version == Newest) return current.Major >= version.Major;
        if (current.CompareTo(new KernelVersion(version.Major, version.Minor, 0)) < 0 || current.CompareTo(new KernelVersion(version.Major, version.Minor + 1, 0)) >= 0) return false;
        return column == 0 ? !Requires.Has("perf_kprobe_init") : KernelVersion.Release.EndsWith(column == Arm64 ? "-arm64" : "-amd64", StringComparison.Ordinal);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
