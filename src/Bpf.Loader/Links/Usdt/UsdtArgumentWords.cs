using System.Collections.Generic;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Finds where one argument of a USDT probe ends and the next begins, whatever their forms are.</summary>
internal static class UsdtArgumentWords
{
    /// <summary>The words of each argument. Blanks part them, except in brackets and beside what needs two sides.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        int start = -1, depth = 0, end = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isBlank = i == text.Length || text[i] is ' ' or '\t';
            if (!isBlank)
            {
                if (start < 0) start = i;
                else if (end < i && depth <= 0 && !IsContinued(text, end, i))
                {
                    words.Add(text[start..end]);
                    start = i;
                    depth = 0;
                }

                if (text[i] is '(' or '[') depth++;
                else if (text[i] is ')' or ']') depth--;
                end = i + 1;
                continue;
            }

            // An open bracket that never closes ends where the next argument has its size.
            if (start >= 0 && depth > 0 && BeginsArgument(text, i)) depth = 0;
        }

        if (start >= 0) words.Add(text[start..end]);
        return words;
    }

    private static bool IsContinued(string text, int end, int next) =>
        !BeginsArgument(text, next) && (text[end - 1] is '@' or ',' or '+' or '-' or '$' or '%' or '#' or ':' || text[next] is '@' or '(' or ',' or '+' or '!');

    // A size, with the letter of its kind perhaps, and an at sign: -4@ or 8f@.
    private static bool BeginsArgument(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        if (at < text.Length && text[at] == '-') at++;
        int digits = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) at++;
        return digits < at && at < text.Length && char.IsAsciiDigit(text[digits]) && text[at] == '@';
    }
}
