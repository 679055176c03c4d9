using System;
using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics;

/// <summary>Finds in a verifier log the line of C source that failed and what the verifier said of it.</summary>
internal static class VerifierLog
{
    private const int MaxReasonLines = 4;

    /// <summary>
    /// The failing source line, as <c>file.bpf.c:12: text</c> where the kernel tells the place (since 6.8), and below it the
    /// verifier's last words; <see langword="null"/> when the log holds neither. Of a verifier that closes with a report (7.3), the report's
    /// title, reason and suggestion are its last words.
    /// </summary>
    public static string? Summarize(ReadOnlySpan<char> log)
    {
        List<string> reasons = Reasons(log, out string? source);
        string reason = string.Join('\n', reasons);
        if (source is null)
            return reasons.Count == 0 ? null : reason;
        return reasons.Count == 0 ? source : $"{source}\n{reason}";
    }

    /// <summary>The verifier's last words alone; <see langword="null"/> when the log holds none.</summary>
    public static string? Reason(ReadOnlySpan<char> log)
    {
        List<string> reasons = Reasons(log, out _);
        return reasons.Count == 0 ? null : string.Join('\n', reasons);
    }

    private static List<string> Reasons(ReadOnlySpan<char> log, out string? source)
    {
        List<string> reasons = VerifierReport.Summarize(log, out int start);
        log = log[..start];
        source = null;
        bool inReason = reasons.Count == 0;
        while (!log.IsEmpty)
        {
            ReadOnlySpan<char> line = TakeLastLine(ref log);
            if (line.IsEmpty || IsStatistics(line))
                continue;
            if (line.StartsWith("; "))
            {
                source = DescribeSource(line[2..]);
                break;
            }

            // The verifier prints its verdict last; what stands above the failing instruction is the walk up to it.
            if (IsTrace(line))
                inReason = false;
            else if (inReason && reasons.Count < MaxReasonLines)
                reasons.Insert(0, line.ToString());
        }

        return reasons;
    }

    private static ReadOnlySpan<char> TakeLastLine(ref ReadOnlySpan<char> log)
    {
        ReadOnlySpan<char> text = log.TrimEnd("\r\n\0");
        int at = text.LastIndexOf('\n');
        log = at < 0 ? default : text[..at];
        return text[(at + 1)..].TrimEnd();
    }

    // The lines that follow the verdict: "processed 12 insns (limit 1000000) ...", and with log level 4 the time and stack depth.
    private static bool IsStatistics(ReadOnlySpan<char> line)
        => line.StartsWith("processed ") || line.StartsWith("verification time ") || line.StartsWith("stack depth ");

    /// <summary>Whether a line is of the walk: <c>12: (85) call ...</c>, <c>12: R1=ctx() ...</c>, <c>from 3 to 7: ...</c>, <c>func#0 @0</c>.</summary>
    public static bool IsTrace(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("from ") || line.StartsWith("func#") || line.StartsWith("mark_precise:"))
            return true;
        int digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
            digits++;
        return digits > 0 && digits < line.Length && line[digits] == ':';
    }

    // Since 6.8 the line ends in " @ file.bpf.c:12".
    private static string DescribeSource(ReadOnlySpan<char> line)
    {
        int at = line.LastIndexOf(" @ ");
        return at < 0 ? line.Trim().ToString() : $"{line[(at + 3)..].Trim()}: {line[..at].Trim()}";
    }
}
