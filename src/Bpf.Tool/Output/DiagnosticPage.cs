using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Bpf.Tool.Output;

/// <summary>The page <c>docs/diagnostics.md</c>, which is in this assembly: what is written about each id.</summary>
internal static class DiagnosticPage
{
    private const string Prefix = "BPF", Head = "### ";

    private static readonly Lazy<SortedDictionary<int, string>> Sections = new(Read);

    /// <summary>The numbers of all ids.</summary>
    public static IEnumerable<int> Ids => Sections.Value.Keys;

    /// <summary>Takes <c>BPF4101</c>, or <c>bpf4101</c>, for a number; not the name of a file that is there.</summary>
    public static bool TryParse(string text, out int number)
    {
        number = 0;
        return text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number) && !File.Exists(text);
    }

    /// <summary>The id as it is written.</summary>
    public static string Code(int number) => Prefix + number.ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>What is written about an id, in lines, its title first; null when there is no such id.</summary>
    public static string? Find(int number) => Sections.Value.GetValueOrDefault(number);

    /// <summary>The title of an id.</summary>
    public static string Title(int number) => Sections.Value[number].Split('\n')[0];

    /// <summary>The ids that are nearest to one that there is not, in their order.</summary>
    public static IEnumerable<int> Near(int number) => Ids.OrderBy(id => Math.Abs((long)id - number)).Take(3).Order();

    private static SortedDictionary<int, string> Read()
    {
        using Stream stream = typeof(DiagnosticPage).Assembly.GetManifestResourceStream("diagnostics.md")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var sections = new SortedDictionary<int, string>();
        foreach (string section in reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n" + Head).Skip(1))
        {
            // The heading of the next thousand ends the last section of one.
            int end = section.IndexOf("\n## ", StringComparison.Ordinal), line = section.IndexOf('\n', StringComparison.Ordinal);
            if (TryParse(section[..line], out int number)) sections[number] = (end < 0 ? section : section[..end])[line..].Trim();
        }

        return sections;
    }
}
