using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The code in the documentation: the README and the pages of the folder docs.</summary>
internal static class DocPages
{
    private const string Fence = "```", ContextStart = "<!-- with: ", ContextEnd = " -->";

    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(Path.Combine(TestData.Repository, "docs"), "*.md").Order(StringComparer.Ordinal)
            .Prepend(Path.Combine(TestData.Repository, "README.md"))
            .Select(path => Path.GetRelativePath(TestData.Repository, path).Replace('\\', '/'));

    /// <summary>The pieces of code of all pages in a language. What continues a piece before has that one's code too.</summary>
    public static IReadOnlyList<Snippet> Snippets(string language) => [.. All.SelectMany(Read).Where(snippet => snippet.Language == language)];

    private static List<Snippet> Read(string page)
    {
        var snippets = new List<Snippet>();
        string[] lines = File.ReadAllLines(Path.Combine(TestData.Repository, page));
        string context = "";
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(ContextStart, StringComparison.Ordinal))
            {
                context = lines[i][ContextStart.Length..^ContextEnd.Length];
                continue;
            }

            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal)) continue;
            (string language, string info) = lines[i][Fence.Length..].Split(' ', 2) is [var first, .. var more] ? (first, more.FirstOrDefault("")) : ("", "");
            int end = Array.FindIndex(lines, i + 1, line => line == Fence);
            if (end < 0) throw new InvalidDataException($"{page}:{i + 1}: the code has no end.");
            string code = string.Join('\n', lines[(i + 1)..end]);
            if (info == "continues")
            {
                Snippet before = snippets.Last(snippet => snippet.Language == language);
                (code, context) = (before.Code + "\n" + code, before.Context);
            }

            snippets.Add(new Snippet(page, i + 1, language, info, context, code));
            (i, context) = (end, "");
        }

        return snippets;
    }
}
