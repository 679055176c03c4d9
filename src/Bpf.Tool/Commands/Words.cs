using System;

namespace Bpf.Tool.Commands;

/// <summary>The words of a command about the kernel's objects, read from the left as bpftool's users write them: <c>id 12</c>, <c>pinned PATH</c>.</summary>
internal sealed class Words(string[] words)
{
    private int _next;

    /// <summary>True when all words were read.</summary>
    public bool AtEnd => _next == words.Length;

    /// <summary>Reads a word if it is the next one.</summary>
    public bool TryTake(string word)
    {
        if (AtEnd || !string.Equals(words[_next], word, StringComparison.Ordinal)) return false;
        _next++;
        return true;
    }

    /// <summary>Reads a word that must be there.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="UsageException">There is none, or one that cannot be a name of anything.</exception>
    public string Take(string what)
    {
        if (AtEnd) throw new UsageException($"{what} is missing.");
        string word = words[_next++];
        return word.Length > 0 && !word.Contains('\0', StringComparison.Ordinal) ? word : throw new UsageException($"{what} is wanted where there is an empty word, or one with a NUL.");
    }

    /// <summary>Reads a word that must come next.</summary>
    /// <exception cref="UsageException">Another word comes, or none.</exception>
    public void Expect(string word)
    {
        if (!TryTake(word)) throw new UsageException($"'{word}' is expected {(AtEnd ? "at the end" : $"and not '{words[_next]}'")}.");
    }

    /// <summary>Reads a number that must be there, decimal or with <c>0x</c>.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public uint TakeNumber(string what)
    {
        string text = Take(what);
        return UnsignedNumber.TryParse(text, out uint number) ? number : throw new UsageException($"'{text}' is no number; {what} is wanted.");
    }

    /// <summary>Reads the words up to one of those that end them, or up to the end.</summary>
    public string[] TakeUntil(params ReadOnlySpan<string> ends)
    {
        int from = _next;
        while (!AtEnd && !ends.Contains(words[_next])) _next++;
        return words[from.._next];
    }

    /// <summary>Holds that all words were read.</summary>
    /// <exception cref="UsageException">There are more.</exception>
    public void End()
    {
        if (!AtEnd) throw new UsageException($"'{words[_next]}' is not understood there.");
    }
}
