using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Reads the words of an argument description; blanks between them do not matter.</summary>
internal ref struct UsdtScanner(string text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    public bool AtEnd
    {
        get
        {
            SkipBlanks();
            return _position == _text.Length;
        }
    }

    /// <summary>An argument that cannot be read because of what is left of its words.</summary>
    public readonly UsdtArgument NotUnderstood =>
        UsdtArgument.Unreadable(_position == _text.Length ? "it ends too early" : $"'{_text[_position..]}' is not understood");

    /// <summary>Takes a character if it comes next.</summary>
    public bool Take(char c)
    {
        SkipBlanks();
        if (_position == _text.Length || _text[_position] != c) return false;
        _position++;
        return true;
    }

    /// <summary>Takes a text if it comes next.</summary>
    public bool Take(string text)
    {
        SkipBlanks();
        if (!_text[_position..].StartsWith(text)) return false;
        _position += text.Length;
        return true;
    }

    /// <summary>Takes a number if one comes next.</summary>
    public bool TakeNumber(out long value)
    {
        SkipBlanks();
        if (!CInteger.TryRead(_text[_position..], out value, out int length)) return false;
        _position += length;
        return true;
    }

    /// <summary>Takes a run of small letters and digits if one comes next.</summary>
    public bool TakeWord(out ReadOnlySpan<char> word)
    {
        SkipBlanks();
        int end = _position;
        while (end < _text.Length && (char.IsAsciiLetterLower(_text[end]) || char.IsAsciiDigit(_text[end]))) end++;
        word = _text[_position..end];
        _position = end;
        return !word.IsEmpty;
    }

    /// <summary>Takes a sum of numbers and at most one symbol: <c>-16</c>, <c>table+8</c>, <c>8+table</c>.</summary>
    /// <returns>False when none comes next, or what comes is no such sum.</returns>
    public bool TakeSum(out long number, out string? symbol)
    {
        number = 0;
        symbol = null;
        do
        {
            if (!TakeNumber(out long value))
            {
                // Between a sign and its number may be blanks; symbols are not subtracted.
                bool isNegative = Take('-');
                if (!isNegative) Take('+');
                if (TakeNumber(out value)) value = isNegative ? unchecked(-value) : value;
                else if (isNegative || symbol is not null || !TakeSymbol(out symbol)) return false;
            }

            number = unchecked(number + value);
        }
        while (IsSignNext);
        return true;
    }

    private bool IsSignNext
    {
        get
        {
            SkipBlanks();
            return _position < _text.Length && _text[_position] is '+' or '-';
        }
    }

    private bool TakeSymbol(out string? symbol)
    {
        SkipBlanks();
        int end = _position;
        while (end < _text.Length && (char.IsLetterOrDigit(_text[end]) || _text[end] is '_' or '.' or '$')) end++;
        symbol = end == _position || char.IsAsciiDigit(_text[_position]) ? null : _text[_position..end].ToString();
        if (symbol is null) return false;
        _position = end;
        return true;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t') _position++;
    }
}
