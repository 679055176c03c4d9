using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Bpf.Loader;

/// <summary>
/// Writes findings. For people: what is wrong, the line of C with a mark below the place, where the value came from, why it is wrong,
/// what to do, and last what the kernel said; at most a dozen lines, in which what matters least gives way. For logs and builds: a line.
/// </summary>
internal static class FindingText
{
    public const int DefaultWidth = 100;
    public const int MaximumLines = 12;

    private const int NarrowestWidth = 40;
    private const string Ellipsis = "...";

    /// <summary>Formats a finding.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="width">How many columns there are.</param>
    public static string Format(BpfFinding finding, int width)
    {
        width = Math.Max(width, NarrowestWidth);
        List<string> lines = [];

        // The origins give up their source text first, then the kernel's words all but their first line, then the farther origins go, the
        // kernel's words, what the cause says behind its first sentence, and the cause last.
        for (int detail = 3; detail >= -3; detail--)
        {
            lines = Write(finding, width, detail);
            if (lines.Count <= MaximumLines) break;
        }

        return string.Join('\n', lines);
    }

    /// <summary>All of a finding in one line, without id and place.</summary>
    public static string Message(BpfFinding finding)
    {
        var text = new StringBuilder(finding.What);
        foreach (BpfOrigin origin in finding.Origins)
        {
            string place = Short(origin.Place).ToString();
            text.Append(CultureInfo.InvariantCulture, $" From: {origin.What}{(place.Length == 0 ? "" : $", {place}")}.");
        }

        if (finding.Cause is not null) text.Append(' ').Append(finding.Cause);
        if (finding.Cure is not null) text.Append(' ').Append(finding.Cure);
        if (finding.KernelWords is { Length: > 0 } words) text.Append(" The kernel said: ").Append(words).Append(words.EndsWith('.') ? "" : ".");
        return text.ToString().ReplaceLineEndings(" ");
    }

    /// <summary>A finding as compilers write theirs: <c>probe.bpf.c:12:7: error BPF4101: ...</c></summary>
    public static string Line(BpfFinding finding)
    {
        string place = finding.Place.ToString();
        return $"{(place.Length == 0 ? "" : place + ": ")}{Word(finding.Severity)} {finding.Id.ToCode()}: {Message(finding)}";
    }

    /// <summary>What an exception says: a line, or more where there is a line of C to be shown.</summary>
    public static string ExceptionMessage(BpfFinding finding)
        => finding.Place.SourceText is null ? $"{finding.Id.ToCode()}: {Message(finding)}{Aside(finding)}" : Format(finding, DefaultWidth);

    // The place in a file, unless the message names it already.
    private static string Aside(BpfFinding finding)
    {
        if (finding.Place is { SourceFile: null, Section: null, Offset: long at }) return $" (at file offset 0x{at:x})";
        if (finding.Place is { SourceFile: null, Section: string section }) return $" (in section {section}{(finding.Place.Offset is long offset ? $" at offset 0x{offset:x}" : "")})";
        string place = finding.Place.ToString();
        return place.Length == 0 || finding.What.Contains(place, StringComparison.Ordinal) ? "" : $" (at {place})";
    }

    private static string Word(BpfSeverity severity) => severity switch { BpfSeverity.Info => "info", BpfSeverity.Warning => "warning", _ => "error" };

    private static List<string> Write(BpfFinding finding, int width, int detail)
    {
        var lines = new List<string>();
        string severity = finding.Severity == BpfSeverity.Error ? "" : Word(finding.Severity) + " ";
        Wrap(lines, $"{severity}{finding.Id.ToCode()}: ", finding.What, width, "  ");
        WritePlace(lines, finding.Place, width);
        foreach (BpfOrigin origin in finding.Origins.Take(detail <= 0 ? 1 : finding.Origins.Count))
        {
            string place = Short(origin.Place).ToString();
            Wrap(lines, "from: ", place.Length == 0 ? origin.What : $"{origin.What}, {place}", width, "      ");
            if (detail == 3 && origin.Place.SourceText is not null) lines.Add(Excerpt(origin.Place, width));
        }

        if (finding.Cause is not null && detail >= -2) Wrap(lines, "why:  ", detail >= -1 ? finding.Cause : FirstSentence(finding.Cause), width, "      ");
        if (finding.Cure is not null) Wrap(lines, "do:   ", finding.Cure, width, "      ");
        if (detail >= 0 && finding.KernelWords is { Length: > 0 } words)
        {
            string[] said = words.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string head = "kernel: ";
            foreach (string line in said.Take(detail >= 2 ? said.Length : 1))
            {
                if (detail >= 2) Wrap(lines, head, line.Trim(), width, "        ");
                else lines.Add(Cut(head + line.Trim(), width));
                head = "        ";
            }
        }

        return lines;
    }

    private static string FirstSentence(string text)
    {
        for (int at = 0; (at = text.IndexOf(". ", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            if (at + 2 < text.Length && char.IsUpper(text[at + 2])) return text[..(at + 1)];
        }

        return text;
    }

    private static void WritePlace(List<string> lines, BpfLocation place, int width)
    {
        string text = Short(place).ToString();
        if (text.Length == 0) return;
        if (place.SourceFile is not null && place.Symbol is not null) text += $" in {place.Symbol}";
        lines.Add($"  at {text}");
        if (place.SourceText is null) return;
        lines.Add(Excerpt(place, width));
        if (Mark(place, width) is string mark) lines.Add(mark);
    }

    // Objects that were compiled elsewhere hold whole paths, which a narrow screen has no place for; the record keeps them.
    private static BpfLocation Short(BpfLocation place) => place.SourceFile is string file ? place with { SourceFile = Path.GetFileName(file) } : place;

    private static string Gutter(BpfLocation place) => (place.SourceLine == 0 ? "" : place.SourceLine.ToString(CultureInfo.InvariantCulture)).PadLeft(5) + " | ";

    private static string Excerpt(BpfLocation place, int width)
    {
        string gutter = Gutter(place);
        return gutter + Window(place.SourceText!.Trim().Replace('\t', ' '), Marked(place), width - gutter.Length, out _);
    }

    private static string Cut(string line, int width) => line.Length <= width ? line : line[..(width - Ellipsis.Length)] + Ellipsis;

    private static string? Mark(BpfLocation place, int width)
    {
        string gutter = new string(' ', 5) + " | ";
        if (Marked(place) is not int at) return null;
        Window(place.SourceText!.Trim(), at, width - gutter.Length, out int start);
        return gutter + new string(' ', at - start) + '^';
    }

    // What there is room for of a line, so that the marked place is among it.
    private static string Window(string text, int? marked, int room, out int start)
    {
        start = 0;
        if (text.Length <= room || marked is not int at || at < room - Ellipsis.Length) return Cut(text, room);
        int first = Math.Min(at - (room / 2), text.Length - room + Ellipsis.Length);
        start = first - Ellipsis.Length;
        return Cut(Ellipsis + text[first..], room);
    }

    // The place in the trimmed line. The column counts characters of the line as it stands in the file, indentation included; compilers
    // give none to the line that a function begins in, and there its name is meant.
    private static int? Marked(BpfLocation place)
    {
        string text = place.SourceText!, trimmed = text.Trim();
        int at = place.SourceColumn > 0 ? place.SourceColumn - 1 - (text.Length - text.TrimStart().Length)
            : place.Symbol is { Length: > 0 } symbol ? trimmed.IndexOf(symbol + "(", StringComparison.Ordinal) : -1;
        return at < 0 || at >= trimmed.Length ? null : at;
    }

    private static void Wrap(List<string> lines, string head, string text, int width, string indentation)
    {
        string line = head;
        bool isEmpty = true;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                (line, isEmpty) = (indentation, true);
            }

            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }

        lines.Add(line);
    }
}
