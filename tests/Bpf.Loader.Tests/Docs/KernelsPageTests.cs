using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Tool.Output;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The page "which kernel has what" is made here, of what the kernels answered; and the library's own facts are held to the answers.</summary>
public sealed class KernelsPageTests
{
    // The newest release whose headers FirstKernels was made of.
    private static readonly Version LastKnown = new(6, 19);

    // What a kernel that is new enough may be built without.
    private static readonly Dictionary<string, string> Options = new()
    {
        ["lirc_mode2"] = "CONFIG_BPF_LIRC_MODE2",
        ["trace_kprobe_multi"] = "CONFIG_FPROBE",
    };

    private static IEnumerable<(string Name, string? First)> ProgramTypes =>
        Enum.GetValues<BpfProgramType>().Where(static type => type != BpfProgramType.Unspecified).Select(static type => (KernelNames.Of(type), FirstKernels.Of(type)));

    private static IEnumerable<(string Name, string? First)> MapTypes =>
        Enum.GetValues<BpfMapType>().Where(static type => type != BpfMapType.Unspecified).Select(static type => (KernelNames.Of(type), FirstKernels.Of(type)));

    private static IEnumerable<(string Name, string? First)> AttachTypes =>
        Enum.GetValues<BpfAttachType>().Select(static type => (KernelNames.Of(type), FirstKernels.Of(type)));

    [Fact]
    public void The_page_is_made_of_what_kernels_answered()
    {
        string path = Path.Combine(TestData.Repository, "docs/kernels.md"), page = MakePage();
        if (Environment.GetEnvironmentVariable("BPF_SNAPSHOT_ACCEPT") == "1") File.WriteAllText(path, page);
        Assert.Equal(page, File.ReadAllText(path));
    }

    [Fact]
    public void Types_are_there_since_the_kernel_that_the_library_names()
    {
        List<string> wrong = [];
        Hold("prog_type", ProgramTypes);
        Hold("map_type", MapTypes);
        Hold("attach_type", AttachTypes);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Hold(string kind, IEnumerable<(string Name, string? First)> rows)
        {
            foreach ((string name, string? first) in rows)
            {
                foreach (KernelFeatures kernel in KernelFeatures.All)
                {
                    if (Options.TryGetValue(name, out string? option) && kernel.Has("config", option) == false) continue;
                    // What no release up to the last known one has may be in a newer one.
                    bool? expected = first is null ? (kernel.Version <= LastKnown ? false : null) : kernel.Version >= Version.Parse(first);
                    if (expected is not null && kernel.Has(kind, name) is { } has && has != expected) wrong.Add($"{kind} {name}: Linux {kernel.Version} {(has ? "has" : "lacks")} it, and the first is {first ?? "none"}");
                }
            }
        }
    }

    private static string MakePage()
    {
        IReadOnlyList<KernelFeatures> kernels = KernelFeatures.All;
        Assert.True(kernels.Count >= 4, "kernels are missing in testdata/kernels");
        var page = new StringBuilder("""
            # Which kernel has what

            What Debian's kernels answered to `bpf feature probe full --json`, each asked in a virtual machine by `build/kernel-features.sh`: a type of programs or maps was made, a helper was called. This page is made by a test of the answers, which are in `testdata/kernels`, and the same test holds the library's own facts to them. *Linux* is the first kernel that has it, by its headers. A kernel that is new enough may be built without: ask yours, by `bpf feature probe` or `BpfFeatures`. Which sections of objects run where is in [Hooks](hooks.md).


            """);
        Section("Features", "feature", Enum.GetNames<BpfFeature>().Select(static name => (name, (string?)null)), "of `BpfFeature`");
        Section("Types of programs", "prog_type", ProgramTypes, "`BPF_PROG_TYPE_…`");
        Section("Types of maps", "map_type", MapTypes, "`BPF_MAP_TYPE_…`");
        Section("Types of attachment", "attach_type", AttachTypes, "`BPF_…`");

        page.Append("## Helpers\n\nHow many types of programs may call each.\n\n| helper |");
        page.AppendJoin('|', kernels.Select(static kernel => $" {kernel.Version} ")).Append("|\n|---|").Append(string.Concat(kernels.Select(static _ => "---|"))).Append('\n');
        for (int helper = 1; BpfHelper.GetName(helper) is string name; helper++)
            page.Append($"| `{name}` |").AppendJoin('|', kernels.Select(kernel => kernel.CallersOf(name) is > 0 and int callers ? $" {callers} " : " ")).Append("|\n");
        return page.ToString();

        void Section(string title, string kind, IEnumerable<(string Name, string? First)> rows, string column)
        {
            bool dated = rows.Any(static row => row.First is not null);
            page.Append($"## {title}\n\n| {column} |{(dated ? " Linux |" : "")}").AppendJoin('|', kernels.Select(static kernel => $" {kernel.Version} ")).Append("|\n|---|");
            page.Append(dated ? "---|" : "").Append(string.Concat(kernels.Select(static _ => "---|"))).Append('\n');
            foreach ((string name, string? first) in rows)
            {
                page.Append($"| `{name}` |{(dated ? $" {first ?? "newer than " + LastKnown} |" : "")}");
                page.AppendJoin('|', kernels.Select(kernel => kernel.Has(kind, name) switch { true => " ● ", false => " ", null => " ? " })).Append("|\n");
            }

            page.Append('\n');
        }
    }
}
