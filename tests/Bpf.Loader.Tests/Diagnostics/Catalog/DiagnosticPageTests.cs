using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>Each id is written about, and each example gives its id.</summary>
public sealed class DiagnosticPageTests
{
    private static readonly string Page = Path.Combine(TestData.Repository, "docs", "diagnostics.md");

    private static readonly BpfDiagnosticId[] Ids = Enum.GetValues<BpfDiagnosticId>();

    public static TheoryData<BpfDiagnosticId> Provoked => [.. Ids.Where(id => DiagnosticExamples.Provoke(id) is not null)];

    [Fact]
    public void Every_id_has_one_entry() => Assert.Equal(Ids.Order(), DiagnosticPage.Entries.Select(entry => entry.Id));

    [Fact]
    public void Every_entry_has_an_example_a_cause_and_a_cure() => Assert.All(DiagnosticPage.Entries, entry =>
    {
        Assert.True(entry.Example.Length != 0 || VerifierEntries.Programs.ContainsKey(entry.Id), $"{entry.Id} has no example.");
        Assert.True(entry.Cause.Length != 0 && entry.Cure.Length != 0, $"{entry.Id} has no cause or no cure.");
    });

    [Theory]
    [MemberData(nameof(Provoked))]
    public void An_example_gives_its_id(BpfDiagnosticId id)
    {
        BpfFinding said = DiagnosticExamples.Provoke(id)!;
        Assert.Equal(id, said.Id);
        Assert.StartsWith(said.Severity == BpfSeverity.Error ? id.ToCode() : $"{said.Severity.ToString().ToLowerInvariant()} {id.ToCode()}", said.ToString(), StringComparison.Ordinal);
    }

    // What needs a kernel, a binary or a compiler is provoked by the tests of its own room.
    [Fact]
    public void Every_other_id_is_in_a_test_of_its_own()
    {
        string tests = Path.Combine(TestData.Repository, "tests"), here = $"{Path.DirectorySeparatorChar}Catalog{Path.DirectorySeparatorChar}";
        string sources = string.Concat(Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains(here, StringComparison.Ordinal)).Select(File.ReadAllText));
        IEnumerable<BpfDiagnosticId> open = Ids.Where(id => DiagnosticExamples.Provoke(id) is null)
            .Where(id => !sources.Contains($"BpfDiagnosticId.{id}", StringComparison.Ordinal) && !sources.Contains(id.ToCode(), StringComparison.Ordinal));
        Assert.Empty(open);
    }

    [Fact]
    public void The_page_is_made_of_the_entries()
    {
        string page = DiagnosticPage.Make();
        if (Environment.GetEnvironmentVariable("BPF_SNAPSHOT_ACCEPT") == "1") File.WriteAllText(Page, page);
        Assert.True(page == File.ReadAllText(Page).ReplaceLineEndings("\n"), "docs/diagnostics.md is not what the entries make; run this test with BPF_SNAPSHOT_ACCEPT=1 if they are right.");
    }

    [Fact]
    public void A_help_link_leads_to_an_anchor_of_the_page()
    {
        string page = File.ReadAllText(Page);
        Assert.All(Ids, id =>
        {
            string[] link = id.ToHelpLink().Split('#');
            Assert.Equal("docs/diagnostics.md", link[0]);
            Assert.Contains($"\n### {link[1].ToUpperInvariant()}\n", page, StringComparison.Ordinal);
        });
    }
}
