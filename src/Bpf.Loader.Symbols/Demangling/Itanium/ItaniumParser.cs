using System;
using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Reads a mangled name into nodes.</summary>
internal sealed partial class ItaniumParser(string text, bool verbose)
{
    private const int Deepest = 256;

    // What was said once is referred to later by its number.
    private readonly List<Node> _substitutions = [];

    private Node? _lastName; // that of a class is the name of its constructors
    private bool _isInConversion; // there arguments are those of the conversion, not of its type
    private int _at;
    private int _depth;

    /// <summary>Reads the whole name.</summary>
    /// <exception cref="DemangleException">It is malformed.</exception>
    public Node ReadAll()
    {
        Expect("_Z");
        Node name = ReadEncoding();
        while (Peek() == '.') name = new SequenceNode(name, Text($" [clone {ReadCloneSuffix()}]"));
        return _at == text.Length ? name : throw Fail();
    }

    // What the optimiser made of a function: .constprop.0, .isra.1, .part.2, .cold.
    private string ReadCloneSuffix()
    {
        int start = _at++;
        if (char.IsAsciiLetterLower(Peek()) || Peek() == '_')
        {
            while (char.IsAsciiLetterLower(Peek()) || Peek() == '_') _at++;
        }
        else if (!char.IsAsciiDigit(Peek()))
        {
            throw Fail();
        }
        else
        {
            _at--;
        }

        while (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            while (char.IsAsciiDigit(Peek())) _at++;
        }

        return text[start.._at];
    }

    private char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private char Next() => _at < text.Length ? text[_at++] : throw Fail();

    private bool Take(char letter)
    {
        if (Peek() != letter) return false;
        _at++;
        return true;
    }

    private bool Take(string letters)
    {
        if (string.CompareOrdinal(text, _at, letters, 0, letters.Length) != 0) return false;
        _at += letters.Length;
        return true;
    }

    private void Expect(string letters)
    {
        if (!Take(letters)) throw Fail();
    }

    private static DemangleException Fail() => new();

    private static NameNode Text(string text) => new(text);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Enter()
    {
        if (++_depth > Deepest) throw Fail();
    }

    private Node Leave(Node node)
    {
        _depth--;
        return node;
    }

    private Node Remember(Node node)
    {
        _substitutions.Add(node);
        return node;
    }

    // Digits as they stand, with n for minus.
    private string ReadDigits()
    {
        string sign = Take('n') ? "-" : "";
        int start = _at;
        while (char.IsAsciiDigit(Peek())) _at++;
        return _at == start ? throw Fail() : sign + text[start.._at];
    }

    private int ReadNumber()
    {
        int start = _at;
        while (char.IsAsciiDigit(Peek())) _at++;
        return int.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Fail();
    }

    // "_" is the first, "0_" the second.
    private int ReadOrdinal()
    {
        if (Take('_')) return 0;
        int number = ReadNumber();
        Expect("_");
        return number < int.MaxValue ? number + 1 : throw Fail();
    }

    // The same in base 36.
    private int ReadSequence()
    {
        if (Take('_')) return 0;
        long number = 0;
        for (char digit = Next(); digit != '_'; digit = Next())
        {
            if (!char.IsAsciiDigit(digit) && !char.IsAsciiLetterUpper(digit)) throw Fail();
            number = (number * 36) + (char.IsAsciiDigit(digit) ? digit - '0' : digit - 'A' + 10);
            if (number > text.Length) throw Fail();
        }

        return (int)number + 1;
    }

    // Which of several entities of a name in one function.
    private void SkipDiscriminator()
    {
        if (Peek() != '_') return;
        if (Peek(1) == '_' && char.IsAsciiDigit(Peek(2)))
        {
            _at += 2;
            ReadNumber();
            Take('_');
        }
        else if (char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            ReadNumber();
        }
    }
}
