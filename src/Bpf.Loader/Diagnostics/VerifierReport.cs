using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics;

/// <summary>
/// The report that verifiers since 7.3 close their log with: a title (<c>Verification failed: ...</c>) and sections with a head at the
/// start of a line (<c>Reason:</c>, <c>At:</c>, <c>Causal path:</c>, <c>Suggestion:</c>) and text that is indented. A log that did not
/// fit may hold a part of it only.
/// </summary>
internal static partial class VerifierReport
{
    /// <summary>The heads of the sections that are told to people.</summary>
    public const string Title = "Verification failed:", Reason = "Reason:", Suggestion = "Suggestion:";

    private const int MaxLines = 4; // of the text of a section

    private static readonly string[] Heads = [Title, Reason, "At:", "Causal path:", Suggestion];

    /// <summary>The title, the reason and the suggestion of the last report, a line each; empty when there is none.</summary>
    /// <param name="log">The log.</param>
    /// <param name="start">Where the report begins; the length of the log when there is none.</param>
    public static List<string> Summarize(ReadOnlySpan<char> log, out int start)
    {
        var lines = new List<string>();
        start = FindStart(log);
        if (start == log.Length) return lines;
        StringBuilder? section = null;
        int count = 0;
        foreach (ReadOnlySpan<char> raw in log[start..].EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.TrimEnd(" \t\0");
            if (line.IsEmpty) continue;
            if (!char.IsWhiteSpace(line[0]))
            {
                // What is neither a head nor indented, such as the statistics, ends the report's sections.
                Flush(lines, section);
                section = line.StartsWith(Title) || line.StartsWith(Reason) || line.StartsWith(Suggestion) ? new StringBuilder().Append(line) : null;
                count = 0;
            }
            else if (section is not null && !VerifierLog.IsTrace(line.Trim()) && count++ < MaxLines)
            {
                section.Append(' ').Append(line.Trim());
            }
        }

        Flush(lines, section);
        return lines;
    }

    /// <summary>The place that the last report names below <c>At:</c>, with its line of C; null when there is none.</summary>
    public static BpfLocation? FindPlace(string log)
    {
        Match match = Place().Match(log[FindStart(log)..]);
        if (!match.Success) return null;
        int Number(int group) => int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
        return new BpfLocation(Symbol: match.Groups[1].Value, SourceFile: match.Groups[2].Value, SourceLine: Number(3), SourceColumn: Number(4), SourceText: match.Groups[5].Success ? match.Groups[5].Value : null);
    }

    [GeneratedRegex(@"^At:\s*\n\s+(\S+) @ ([^\n:]+):(\d+)(?::(\d+))?(?:[^>]*\n\s*>>>\s*\d+ \| ([^\n]*))?", RegexOptions.Multiline)]
    private static partial Regex Place();

    /// <summary>Where the last report begins; the length of the log when there is none.</summary>
    public static int FindStart(ReadOnlySpan<char> log)
    {
        int title = FindLast(log, Title), reason = FindLast(log, Reason);
        if (title >= 0) return title;
        if (reason >= 0) return reason;

        // The beginning is what a log loses that rolls over (since 6.4).
        int first = log.Length;
        foreach (string head in Heads)
        {
            if (FindLast(log, head) is >= 0 and int at) first = Math.Min(first, at);
        }

        return first;
    }

    // A head without its text says nothing.
    private static void Flush(List<string> lines, StringBuilder? section)
    {
        if (section?.ToString() is string text && Array.IndexOf(Heads, text) < 0) lines.Add(text);
    }

    private static int FindLast(ReadOnlySpan<char> log, string head)
    {
        while (log.LastIndexOf(head) is >= 0 and int at)
        {
            if (at == 0 || log[at - 1] == '\n') return at;
            log = log[..at];
        }

        return -1;
    }
}
