using System;
using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics;

/// <summary>Collects, of many names, the few that look most like a wanted one, for error messages: the one place that decides what is close.</summary>
internal sealed class CloseNames
{
    private const int Kept = 3;
    private const int MaximumLength = 128; // Longer names are not compared: the work for a pair grows with the square.
    private const int ShortestHeld = 4; // What is shorter is in too many names.

    private readonly string _wanted;
    private readonly int _limit;
    private readonly List<(int Distance, string Name)> _best = [];

    public CloseNames(string wanted)
    {
        _wanted = wanted.Length <= MaximumLength ? wanted : wanted[..MaximumLength];

        // A third of the letters wrong is another word; one step is a slip in a short name too, but not in a name of one letter.
        _limit = _wanted.Length < 2 ? 0 : Math.Max(_wanted.Length < 5 ? 1 : 2, _wanted.Length / 3);
    }

    /// <summary>The closest names so far, the best first.</summary>
    public IReadOnlyList<string> Best => _best.ConvertAll(entry => entry.Name);

    /// <summary>"Did you mean ...?" of the closest name so far, or <see langword="null"/> when nothing is close.</summary>
    public string? Question => _best.Count == 0 ? null : $"Did you mean '{_best[0].Name}'?";

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
        int worst = _best.Count == Kept ? _best[^1].Distance : _limit;
        int distance = Distance(name, worst);
        if (distance > worst) return;

        // Of those that are equally close the order of the alphabet decides, and not the one in which they came.
        int at = 0;
        for (; at < _best.Count; at++)
        {
            if (name.SequenceEqual(_best[at].Name)) return;
            if (_best[at].Distance > distance || (_best[at].Distance == distance && name.SequenceCompareTo(_best[at].Name) < 0)) break;
        }

        for (int i = at; i < _best.Count; i++)
        {
            if (name.SequenceEqual(_best[i].Name)) return;
        }

        if (at == Kept) return;
        _best.Insert(at, (distance, new string(name)));
        if (_best.Count > Kept) _best.RemoveAt(Kept);
    }

    // A name that is the wanted one but for underscores around it is the closest there is: state and __state. One that holds the wanted
    // one, or is held by it, is close whatever its length.
    private int Distance(ReadOnlySpan<char> name, int limit)
    {
        if (name.Trim('_').Equals(_wanted.AsSpan().Trim('_'), StringComparison.OrdinalIgnoreCase)) return 0;
        if (_wanted.Length >= ShortestHeld && name.Contains(_wanted, StringComparison.OrdinalIgnoreCase)) return 1;
        return Math.Abs(name.Length - _wanted.Length) > limit ? limit + 1 : Steps(name, limit);
    }

    // The steps from one name to the other, of letters put in, left out, changed, or swapped with their neighbour (Damerau's distance, of
    // which no letter is swapped and changed again).
    private int Steps(ReadOnlySpan<char> name, int limit)
    {
        Span<int> rows = stackalloc int[3 * (MaximumLength + 1)];
        Span<int> earlier = rows[..(MaximumLength + 1)], before = rows.Slice(MaximumLength + 1, MaximumLength + 1), row = rows[(2 * (MaximumLength + 1))..];
        for (int j = 0; j <= name.Length; j++) before[j] = j;
        for (int i = 1; i <= _wanted.Length; i++)
        {
            int smallest = row[0] = i;
            char wanted = char.ToLowerInvariant(_wanted[i - 1]);
            for (int j = 1; j <= name.Length; j++)
            {
                char letter = char.ToLowerInvariant(name[j - 1]);
                int steps = Math.Min(before[j - 1] + (wanted == letter ? 0 : 1), Math.Min(before[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && wanted == char.ToLowerInvariant(name[j - 2]) && letter == char.ToLowerInvariant(_wanted[i - 2])) steps = Math.Min(steps, earlier[j - 2] + 1);
                row[j] = steps;
                smallest = Math.Min(smallest, steps);
            }

            // A swap looks back two rows.
            if (smallest > limit + 1) return limit + 1;
            Span<int> free = earlier;
            earlier = before;
            before = row;
            row = free;
        }

        return before[name.Length];
    }
}
