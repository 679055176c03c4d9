using System;
using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
internal static class NearestName
{
    // Longer names are compared by what fits; no kernel name comes near it.
    private const int MaxLength = 128;

    /// <summary>"Did you mean ...?", or <see langword="null"/> when nothing is near.</summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="candidates">Those that do.</param>
    /// <param name="show">How to show one.</param>
    public static string? Hint(string wanted, IEnumerable<string> candidates, Func<string, string>? show = null)
    {
        string? nearest = Find(wanted, candidates);
        return nearest is null ? null : $"Did you mean '{(show is null ? nearest : show(nearest))}'?";
    }

    /// <summary>The candidate with the fewest changes, if they are few enough for a slip; the first of several.</summary>
    public static string? Find(string wanted, IEnumerable<string> candidates)
    {
        // A third of the letters wrong is another word.
        int best = Math.Max(2, wanted.Length / 3) + 1;
        string? nearest = null;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - wanted.Length) >= best)
                continue;
            int distance = Distance(wanted, candidate);
            if (distance < best)
            {
                best = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    // Levenshtein's distance, row by row.
    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, MaxLength)];
        b = b[..Math.Min(b.Length, MaxLength)];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
