using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Reads the words of an argument description; blanks between them do not matter.</summary>
internal ref struct UsdtScanner(string text)
{
    private readonly ReadOnlySpan<char> _text = text;

    public int Position { get; set; }

    public bool AtEnd
    {
        get
        {
            SkipBlanks();
            return Position == _text.Length;
        }
    }

    /// <summary>Takes a character if it comes next.</summary>
    public bool Take(char c)
    {
        SkipBlanks();
        if (Position == _text.Length || _text[Position] != c) return false;
        Position++;
        return true;
    }

    /// <summary>Takes a number if one comes next.</summary>
    public bool TakeNumber(out long value)
    {
        SkipBlanks();
        if (!CInteger.TryRead(_text[Position..], out value, out int length)) return false;
        Position += length;
        return true;
    }

    /// <summary>Takes a run of small letters and digits if one comes next.</summary>
    public bool TakeWord(out ReadOnlySpan<char> word)
    {
        SkipBlanks();
        int end = Position;
        while (end < _text.Length && (char.IsAsciiLetterLower(_text[end]) || char.IsAsciiDigit(_text[end]))) end++;
        word = _text[Position..end];
        Position = end;
        return !word.IsEmpty;
    }

    private void SkipBlanks()
    {
        while (Position < _text.Length && _text[Position] is ' ' or '\t') Position++;
    }
}
