using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Bpf.Loader.Logging;

/// <summary>Makes names of arguments as they are written in C.</summary>
internal static class LogNames
{
    /// <summary>The names of the arguments of a call: the last member that is named, all of it where two end alike.</summary>
    public static string[] Split(string text, int count)
    {
        List<string> expressions = SplitAtCommas(text);
        string[] names = new string[count];
        for (int i = 0; i < count; i++) names[i] = i < expressions.Count ? Last(expressions[i]) : "";
        for (int i = 0; i < count; i++)
        {
            if (names[i].Length > 0 && names.Count(name => name == names[i]) > 1)
            {
                string last = names[i];
                for (int j = i; j < count; j++)
                {
                    if (names[j] == last) names[j] = Whole(expressions[j]);
                }
            }
        }

        MakeUnique(names);
        return names;
    }

    /// <summary>Numbers names that are missing or come twice.</summary>
    public static void MakeUnique(string[] names)
    {
        var seen = new HashSet<string>();
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i].Length > 0 ? names[i] : $"value{(i + 1).ToString(CultureInfo.InvariantCulture)}";
            for (int n = 2; !seen.Add(name); n++) name = $"{names[i]}_{n.ToString(CultureInfo.InvariantCulture)}";
            names[i] = name;
        }
    }

    // Commas in brackets and in quotes belong to an argument.
    private static List<string> SplitAtCommas(string text)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '"' or '\'')
            {
                while (++i < text.Length && text[i] != c)
                {
                    if (text[i] == '\\') i++;
                }
            }
            else if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') depth--;
            else if (c == ',' && depth == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        if (start < text.Length) parts.Add(text[start..]);
        return parts;
    }

    // event->address.port is port; bpf_user_str(ctx->name) is name; (u32)x is x.
    private static string Last(string expression)
    {
        int end = expression.Length;
        while (end > 0 && !IsWord(expression[end - 1])) end--;
        int start = end;
        while (start > 0 && IsWord(expression[start - 1])) start--;
        string word = expression[start..end];
        return word.Length == 0 || char.IsAsciiDigit(word[0]) ? Whole(expression) : word;
    }

    private static string Whole(string expression)
    {
        var name = new StringBuilder();
        foreach (char c in expression)
        {
            if (IsWord(c)) name.Append(c);
            else if (name.Length > 0 && name[^1] != '_') name.Append('_');
        }

        string whole = name.ToString().Trim('_');
        return whole.Length == 0 || char.IsAsciiDigit(whole[0]) ? "" : whole;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
