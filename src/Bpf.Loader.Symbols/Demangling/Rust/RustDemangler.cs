using System;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Symbols.Demangling.Rust;

/// <summary>
/// Decodes Rust's names of the form v0: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html. They are printed while they are read,
/// and what is referred to is read again.
/// </summary>
internal sealed partial class RustDemangler
{
    private const int Deepest = 256, Longest = 1 << 20, MostSteps = 1 << 20;

    private readonly StringBuilder _output = new();
    private readonly string _text;
    private readonly bool _isVerbose;
    private int _at;
    private int _depth;
    private int _steps;
    private int _silence; // where something is read that is not shown
    private ulong _boundLifetimes;

    private RustDemangler(string text, bool isVerbose) => (_text, _isVerbose) = (text, isVerbose);

    /// <summary>Decodes a name.</summary>
    /// <exception cref="DemangleException">It is malformed.</exception>
    public static string Demangle(string mangled, bool verbose)
    {
        // Behind it there may be what the optimiser added: .llvm.1234
        int end = mangled.IndexOf('.', StringComparison.Ordinal);
        string text = mangled[2..(end < 0 ? mangled.Length : end)];
        foreach (char letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_') throw Fail();
        }

        if (text.Length == 0 || !char.IsAsciiLetterUpper(text[0])) throw Fail(); // a later version of the form begins with its number
        var name = new RustDemangler(text, verbose);
        name.ReadPath(isInValue: true);
        if (name._at < text.Length)
        {
            name._silence++;
            name.ReadPath(isInValue: false); // the crate for which it was made
        }

        return name._at == text.Length ? name._output.ToString() : throw Fail();
    }

    private static DemangleException Fail() => new();

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private char Next() => _at < _text.Length ? _text[_at++] : throw Fail();

    private bool Take(char letter)
    {
        if (Peek() != letter) return false;
        _at++;
        return true;
    }

    private void Print(string text)
    {
        if (_silence > 0) return;
        if (_output.Length + text.Length > Longest) throw Fail();
        _output.Append(text);
    }

    private void Print(ulong number) => Print(number.ToString(CultureInfo.InvariantCulture));

    private void Enter()
    {
        if (++_depth > Deepest || ++_steps > MostSteps) throw Fail();
    }

    private void Leave() => _depth--;

    // "_" is 0, "0_" is 1.
    private ulong ReadBase62()
    {
        if (Take('_')) return 0;
        ulong number = 0;
        for (char digit = Next(); digit != '_'; digit = Next())
        {
            int value = digit switch
            {
                >= '0' and <= '9' => digit - '0',
                >= 'a' and <= 'z' => digit - 'a' + 10,
                >= 'A' and <= 'Z' => digit - 'A' + 36,
                _ => throw Fail(),
            };
            if (number > (ulong.MaxValue - 62) / 62) throw Fail();
            number = (number * 62) + (ulong)value;
        }

        return number + 1;
    }

    private ulong ReadOptional(char tag) => !Take(tag) ? 0 : ReadBase62() is var number && number < ulong.MaxValue ? number + 1 : throw Fail();

    private ulong ReadDisambiguator() => ReadOptional('s');

    // What was read before, at a place further in front.
    private void ReadBack(Action read)
    {
        int start = _at - 1;
        ulong place = ReadBase62();
        if (place >= (ulong)start) throw Fail();
        if (_silence > 0) return;
        int at = _at;
        _at = (int)place;
        Enter();
        read();
        Leave();
        _at = at;
    }
}
