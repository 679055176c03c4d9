using System;
using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics;

/// <summary>Collects, of many names, the few that look most like a wanted one, for error messages.</summary>
internal sealed class CloseNames
{
    private const int Kept = 3;
    private const int MaximumLength = 128; // Longer names are not compared: the work for a pair grows with the square.

    private readonly string _wanted;
    private readonly int _limit;
    private readonly List<(int Distance, string Name)> _best = [];

    public CloseNames(string wanted)
    {
        _wanted = wanted.Length <= MaximumLength ? wanted : wanted[..MaximumLength];

        // A third of the letters wrong is another word, but two swapped ones in a short name are a slip.
        _limit = Math.Max(_wanted.Length < 5 ? 1 : 2, _wanted.Length / 3);
    }

    /// <summary>The closest names so far, the best first.</summary>
    public IReadOnlyList<string> Best => _best.ConvertAll(entry => entry.Name);

    /// <summary>The closest of some names, the best first.</summary>
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> names)
    {
        var close = new CloseNames(wanted);
        foreach (string name in names) close.Add(name);
        return close.Best;
    }

    /// <summary>"Did you mean ...?", or <see langword="null"/> when nothing is close.</summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="names">Those that do.</param>
    /// <param name="show">How to show one.</param>
    public static string? Hint(string wanted, IEnumerable<string> names, Func<string, string>? show = null) =>
        Of(wanted, names) is [string closest, ..] ? $"Did you mean '{(show is null ? closest : show(closest))}'?" : null;

    public void Add(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaximumLength) return;
        int worst = _best.Count == Kept ? _best[^1].Distance - 1 : _limit;
        int distance = Distance(name, worst);
        if (distance > worst) return;
        foreach ((int _, string known) in _best)
            if (name.SequenceEqual(known)) return;

        int at = 0;
        while (at < _best.Count && _best[at].Distance <= distance) at++;
        _best.Insert(at, (distance, new string(name)));
        if (_best.Count > Kept) _best.RemoveAt(Kept);
    }

    // Levenshtein's distance; a name that holds the wanted one, or is held by it, is close whatever its length.
    private int Distance(ReadOnlySpan<char> name, int limit)
    {
        if (_wanted.Length >= 4 && name.Contains(_wanted, StringComparison.OrdinalIgnoreCase)) return 1;
        if (Math.Abs(name.Length - _wanted.Length) > limit) return limit + 1;

        Span<int> row = stackalloc int[MaximumLength + 1];
        for (int j = 0; j <= name.Length; j++) row[j] = j;
        for (int i = 1; i <= _wanted.Length; i++)
        {
            int diagonal = row[0], smallest = row[0] = i;
            for (int j = 1; j <= name.Length; j++)
            {
                int above = row[j];
                int change = diagonal + (char.ToLowerInvariant(_wanted[i - 1]) == char.ToLowerInvariant(name[j - 1]) ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(above, row[j - 1]) + 1);
                smallest = Math.Min(smallest, row[j]);
                diagonal = above;
            }

            if (smallest > limit) return limit + 1;
        }

        return row[name.Length];
    }
}
