using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>Makes <c>docs/diagnostics.md</c> of the entries: titles from the enumeration, examples and answers from what the tests provoke.</summary>
internal static partial class DiagnosticPage
{
    private const int Width = 100;

    private static readonly (int First, string Title)[] Rooms =
    [
        (1000, "1xxx: files and objects"), (2000, "2xxx: BTF"), (3000, "3xxx: CO-RE"), (4000, "40xx: loading"), (4100, "41xx: the verifier"), (5000, "5xxx: attaching"), (6000, "6xxx: the machine of tests"), (7000, "7xxx: the analyzers"), (8000, "8xxx: builds"),
    ];

    /// <summary>All entries, by their ids.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        .. ElfEntries.All().Concat(ObjectEntries.All()).Concat(TypeEntries.All()).Concat(LoadEntries.All()).Concat(VerifierEntries.All()).Concat(AttachEntries.All()).Concat(OtherEntries.All()).OrderBy(entry => entry.Id),
    ];

    /// <summary>The page.</summary>
    public static string Make()
    {
        Dictionary<string, string> titles = Titles();
        var text = new StringBuilder("""
            # Diagnostics

            Everything that the library, the `bpf` command and the build tell has a stable id. It stands at the beginning of the message, in `Finding.Id` of an exception, in
            `BpfObject.Diagnostics`, in the field `id` of `--json` and in the build's lines, and is the same for the same fact wherever it is told. `bpf explain BPF4101` prints the entry of
            an id; `bpf explain LOG` explains what a verifier said. When nothing is said and nothing happens, see [Nothing happens](nothing-happens.md).

            This page is made by the tests, from what they provoke: what is said of an example is what the library says.

            """.ReplaceLineEndings("\n"));
        int room = -1;
        foreach (CatalogEntry entry in Entries)
        {
            int here = Array.FindLastIndex(Rooms, candidate => candidate.First <= (int)entry.Id);
            if (here != room) text.Append(CultureInfo.InvariantCulture, $"\n## {Rooms[room = here].Title}\n");
            text.Append(CultureInfo.InvariantCulture, $"\n### {entry.Id.ToCode()}\n\n{titles[entry.Id.ToString()]}\n");
            Write(text, entry);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, CatalogEntry entry)
    {
        if (VerifierEntries.Programs.TryGetValue(entry.Id, out var refused)) text.Append(CultureInfo.InvariantCulture, $"\n**Example.**\n\n```C\n{Function(refused.Source, refused.Program)}\n```\n");
        else text.Append(CultureInfo.InvariantCulture, $"\n**Example.** {entry.Example}{(entry.Example.EndsWith('.') ? "" : ".")}\n");
        if (entry.Cause.Length != 0) text.Append(CultureInfo.InvariantCulture, $"\n**Why.** {entry.Cause}\n");
        if (entry.Cure.Length != 0) text.Append(CultureInfo.InvariantCulture, $"\n**What to do.** {entry.Cure}{(entry.Cure.EndsWith('`') ? "" : "")}\n");
        if (DiagnosticExamples.Provoke(entry.Id) is BpfFinding said) text.Append(CultureInfo.InvariantCulture, $"\n**What is said.**\n\n```\n{said.ToString(Width)}\n```\n");
    }

    // The summaries of the enumeration's members, as they stand in its source.
    private static Dictionary<string, string> Titles()
    {
        string source = File.ReadAllText(Path.Combine(TestData.Repository, "src", "Bpf.Loader", "Errors", "BpfDiagnosticId.cs"));
        return Member().Matches(source).ToDictionary(match => match.Groups[2].Value, match => Tag().Replace(match.Groups[1].Value, inner => $"`{inner.Groups[1].Value}{inner.Groups[2].Value}`"));
    }

    // The function with its section, without what stands around it.
    private static string Function(string source, string name)
    {
        string[] lines = File.ReadAllLines(TestData.PathOf($"refused/{source}.bpf.c"));
        int at = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"\b{name}\(") && !line.StartsWith('\t'));
        int start = at, end = Array.FindIndex(lines, at, line => line == "}");
        while (start > 0 && lines[start - 1].Length != 0) start--;
        return string.Join('\n', lines[start..(end + 1)]);
    }

    [GeneratedRegex(@"/// <summary>(.*?)</summary>\s+(\w+) = \d+")]
    private static partial Regex Member();

    [GeneratedRegex(@"<c>(.*?)</c>|<see cref=""(.*?)""/>")]
    private static partial Regex Tag();
}
