using System;
using System.Numerics;

namespace Bpf.Loader.Links.Targets;

/// <summary>The patterns that name many functions: <c>*</c> stands for any text, <c>?</c> for one character, nothing else is special.</summary>
internal static class GlobPattern
{
    /// <summary>True when a text has one of the two special characters.</summary>
    public static bool IsPattern(ReadOnlySpan<char> text) => text.ContainsAny('*', '?');

    /// <summary>True when the pattern covers the whole name. Takes time linear in the name for each star, never more.</summary>
    public static bool IsMatch(ReadOnlySpan<byte> name, ReadOnlySpan<byte> pattern) => IsMatch<byte>(name, pattern);

    /// <inheritdoc cref="IsMatch(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static bool IsMatch(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern) => IsMatch<char>(name, pattern);

    private static bool IsMatch<T>(ReadOnlySpan<T> name, ReadOnlySpan<T> pattern)
        where T : unmanaged, IBinaryInteger<T>
    {
        T anyText = T.CreateTruncating('*'), anyOne = T.CreateTruncating('?');
        int n = 0, p = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == anyText)
            {
                // A later star makes earlier choices final: only the last one needs to be tried again.
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && (pattern[p] == anyOne || pattern[p] == name[n]))
            {
                n++;
                p++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == anyText) p++;
        return p == pattern.Length;
    }
}
