using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Finds in a line of C what it calls a value.</summary>
internal static partial class SourceWords
{
    /// <summary>
    /// What the line gives the value to: <c>s</c> in <c>struct stat *s = bpf_map_lookup_elem(&amp;stats, &amp;pid);</c>. Null when it gives none
    /// to anything.
    /// </summary>
    /// <param name="text">The line.</param>
    /// <param name="value">A word of the value; of several assignments in a line the one before it counts.</param>
    /// <param name="column">Where the compiler says that the value is, from 1; 0 when it does not say.</param>
    public static string? AssignedIn(string text, string value, int column = 0)
    {
        int limit = value.Length == 0 ? -1 : text.IndexOf(value, StringComparison.Ordinal);
        if (column > 0 && column <= text.Length && text.AsSpan(column - 1).StartsWith(value)) limit = column - 1;
        if (limit >= 0)
        {
            // Of several statements in a line, that with the value.
            int start = text.LastIndexOfAny([';', '{', '}'], limit), end = text.IndexOf(';', limit);
            text = text[(start + 1)..(end < 0 ? text.Length : end)];
            limit -= start + 1;
        }

        string? found = null;
        int behind = 0;
        foreach (Match match in Assignment().Matches(text))
        {
            if (limit >= 0 && match.Index > limit) break;
            (found, behind) = (match.Groups[1].Value, match.Index + match.Length);
        }

        // What is given to a function is not what the line assigns.
        return found is not null && limit >= behind && OpenCall().IsMatch(text.AsSpan(behind, limit - behind)) ? null : found;
    }

    /// <summary>Whether a word stands in a line by itself.</summary>
    public static bool Has(string text, string word)
    {
        static bool IsLetter(char letter) => letter == '_' || char.IsAsciiLetterOrDigit(letter);
        for (int at = 0; (at = text.IndexOf(word, at, StringComparison.Ordinal)) >= 0; at += word.Length)
        {
            int end = at + word.Length;
            if ((at == 0 || !IsLetter(text[at - 1])) && (end == text.Length || !IsLetter(text[end]))) return true;
        }

        return false;
    }

    /// <summary>The pointer that an access goes through: <c>s</c> in <c>s-&gt;calls++</c>; null when the line does not show it.</summary>
    /// <param name="text">The line.</param>
    /// <param name="column">Where the compiler says that the access is, from 1: at the member, at the name before a bracket, at the star, or at the operator behind them.</param>
    public static string? PointerAt(string text, int column)
    {
        if (column <= 0 || column > text.Length) return null;
        string before = text[..(column - 1)], from = text[(column - 1)..];
        foreach (Match match in (ReadOnlySpan<Match>)[BeforeMember().Match(before), StarOrBracket().Match(from), Atomic().Match(from), BeforeOperator().Match(before)])
        {
            for (int group = 1; match.Success && group < match.Groups.Count; group++)
            {
                if (match.Groups[group].Success) return match.Groups[group].Value;
            }
        }

        return null;
    }

    /// <summary>What a call gives as its argument, when that is a name: <c>stat</c> for the first of <c>bpf_get_current_comm(stat, sizeof(*stat))</c>.</summary>
    /// <param name="text">The line.</param>
    /// <param name="column">Where the compiler says that the call is, from 1.</param>
    /// <param name="index">The argument, from 0.</param>
    public static string? ArgumentAt(string text, int column, int index)
    {
        if (column <= 0 || column > text.Length || Call().Match(text[(column - 1)..]) is not { Success: true } call) return null;
        int depth = 0, start = column - 1 + call.Length;
        for (int at = start; at < text.Length; at++)
        {
            if (text[at] == '(') depth++;
            else if (text[at] == ')' && depth > 0) depth--;
            else if (depth == 0 && text[at] is ',' or ')' && index-- == 0) return Name().Match(text[start..at].Trim()) is { Success: true } name ? name.Value : null;
            else if (depth == 0 && text[at] == ')') return null;
            else if (depth == 0 && text[at] == ',') start = at + 1;
        }

        return null;
    }

    /// <summary>The index expression of the first element access in a line: <c>slot</c> in <c>slots[slot]++</c>; null when there is none.</summary>
    public static string? IndexIn(string text)
    {
        Match match = Index().Match(text);
        return match.Success && !match.Groups[1].Value.Contains('[', StringComparison.Ordinal) ? match.Groups[1].Value.Trim() : null;
    }

    [GeneratedRegex(@"[A-Za-z_]\w*\((?:[^()]|\([^()]*\))*$")]
    private static partial Regex OpenCall();

    [GeneratedRegex(@"([A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*|\[\w+\])*)->$")]
    private static partial Regex BeforeMember();

    [GeneratedRegex(@"^(?:\*\s*([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*\[)")]
    private static partial Regex StarOrBracket();

    [GeneratedRegex(@"^__sync_\w+\(\s*&?\s*([A-Za-z_]\w*)")]
    private static partial Regex Atomic();

    [GeneratedRegex(@"(?:([A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*)*)->[A-Za-z_]\w*(?:\[[^\]]*\])*|\(?\*\s*([A-Za-z_]\w*)\)?|([A-Za-z_]\w*)\[[^\]]*\])\s*$")]
    private static partial Regex BeforeOperator();

    [GeneratedRegex(@"^[A-Za-z_]\w*\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"^[A-Za-z_]\w*(?:->[A-Za-z_]\w*)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"([A-Za-z_]\w*(?:(?:->|\.)\w+|\[\w+\])*)\s*=(?!=)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"[A-Za-z_)\]]\w*\s*\[([^\]]+)\]")]
    private static partial Regex Index();
}
