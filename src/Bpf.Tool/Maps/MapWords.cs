using System;
using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Tool.Maps;

/// <summary>The words of a command line behind <c>bpf map COMMAND</c>, taken from left to right as bpftool takes them.</summary>
internal sealed class MapWords(string command, IReadOnlyList<string> words)
{
    private int _next;

    /// <summary>The command, for messages.</summary>
    public string Command => command;

    /// <summary>Whether all words were taken.</summary>
    public bool AtEnd => _next == words.Count;

    /// <summary>Takes a word if it is the next.</summary>
    public bool TryTake(string word)
    {
        if (AtEnd || words[_next] != word)
            return false;
        _next++;
        return true;
    }

    /// <summary>Takes the next word.</summary>
    /// <param name="what">What it should be, for the message.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public string Take(string what) => AtEnd ? throw new UsageException($"map {command}: {what} is missing.") : words[_next++];

    /// <summary>Takes a word that has to come.</summary>
    /// <exception cref="UsageException">Another word comes, or none.</exception>
    public void Expect(string word)
    {
        if (!TryTake(word))
            throw new UsageException($"map {command}: '{word}' is expected {(AtEnd ? "at the end" : $"and not '{words[_next]}'")}.");
    }

    /// <summary>Takes a number.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public uint TakeNumber(string what)
    {
        string text = Take(what);
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return uint.TryParse(isHex ? text[2..] : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new UsageException($"map {command}: '{text}' is no {what}.");
    }

    /// <summary>Takes the words up to one of those that end them, or up to the end.</summary>
    public string[] TakeUntil(params ReadOnlySpan<string> ends)
    {
        var taken = new List<string>();
        while (!AtEnd && !ends.Contains(words[_next]))
            taken.Add(words[_next++]);
        return [.. taken];
    }

    /// <summary>Makes sure that all words were taken.</summary>
    /// <exception cref="UsageException">One was not.</exception>
    public void End()
    {
        if (!AtEnd)
            throw new UsageException($"map {command}: '{words[_next]}' is too much.");
    }
}
