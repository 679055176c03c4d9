using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>
/// Compares what we understand of objects and section names with what libbpf does: <c>testdata/reference</c>, which
/// <c>build/reference.sh</c> writes.
/// </summary>
public class ReferenceObjectTests
{
    private static readonly Dictionary<string, string> Descriptions = ReadDescriptions();

    public static TheoryData<string> Names() => [.. Descriptions.Keys.Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Names))]
    public void Programs_maps_and_types_are_libbpfs(string name)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "The sizes of rings in the reference are those of pages of 4 KiB.");
        string[] lines = Descriptions[name].Split('\n', 2);
        if (lines[0] != "refused")
        {
            BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
            Assert.Equal(lines[0], file.Name);
            Assert.Equal(lines[1], ObjectDescription.Of(file));
        }
        else if (name.StartsWith("linked/", StringComparison.Ordinal))
        {
            // Parts of an object, which need each other.
            Assert.Contains(
                Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open(TestData.PathOf(name))).Id,
                (BpfDiagnosticId[])[BpfDiagnosticId.ExternWithoutSection, BpfDiagnosticId.ExternWithoutBtf, BpfDiagnosticId.ExternUnknownSection, BpfDiagnosticId.MapLinkage]);
        }
        else
        {
            // What libbpf gave up and is sound.
            Assert.NotEmpty(BpfObjectFile.Open(TestData.PathOf(name)).Programs);
        }
    }

    [Fact]
    public void Section_names_mean_what_they_mean_to_libbpf()
    {
        // libbpf of Linux 6.12 does not know these yet.
        string[] newer = ["fsession", "fentry.multi", "fexit.multi", "uprobe.session", "tp_btf.s", "tp.s", "tracepoint.s", "raw_tp.s", "raw_tracepoint.s"];
        foreach (string line in File.ReadLines(TestData.PathOf("reference/sections.txt")))
        {
            string[] parts = line.Split(' ', 2);
            SectionDefinition? row = SectionTable.Find(parts[0]);
            if (parts[1] == "unknown" && newer.Any(name => parts[0].StartsWith(name, StringComparison.Ordinal))) continue;
            string ours = row is null
                ? "unknown"
                : $"type={(uint)row.ProgramType} attach={(uint)row.AttachType} attachable={((row.Traits & SectionTraits.Attachable) != 0 ? 1 : 0)}";
            Assert.Equal((parts[0], parts[1]), (parts[0], ours));
        }
    }

    [Fact]
    public void The_reference_knows_every_row_of_the_table()
    {
        HashSet<string> names = [.. File.ReadLines(TestData.PathOf("reference/sections.txt")).Select(line => line.Split(' ')[0])];
        Assert.All(SectionTable.All, row => Assert.Contains(row.Name, names));
    }

    [Fact]
    public void The_reference_knows_every_object() => Assert.Superset(
        TestData.Objects().Select(row => row.Data).Where(name => !name.StartsWith("be/", StringComparison.Ordinal) && !name.Contains("/be/", StringComparison.Ordinal)).ToHashSet(),
        Descriptions.Keys.ToHashSet());

    private static Dictionary<string, string> ReadDescriptions()
    {
        var found = new Dictionary<string, string>();
        foreach (string part in File.ReadAllText(TestData.PathOf("reference/objects.txt")).Split("== ", StringSplitOptions.RemoveEmptyEntries))
        {
            int space = part.IndexOf(' ', StringComparison.Ordinal);
            found.Add(part[..space], part[(space + 1)..]);
        }

        return found;
    }
}
