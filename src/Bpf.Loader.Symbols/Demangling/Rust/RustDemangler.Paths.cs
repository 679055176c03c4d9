using System;
using System.Globalization;

namespace Bpf.Loader.Symbols.Demangling.Rust;

/// <summary>Paths and their names.</summary>
internal sealed partial class RustDemangler
{
    private void ReadPath(bool isInValue)
    {
        Enter();
        char tag = Next();
        switch (tag)
        {
            case 'C':
                ulong crate = ReadDisambiguator();
                Print(ReadName());
                if (_isVerbose) Print($"[{crate.ToString("x", CultureInfo.InvariantCulture)}]");
                break;
            case 'N':
                ReadNested(isInValue);
                break;
            case 'M' or 'X':
                ReadDisambiguator();
                _silence++;
                ReadPath(isInValue); // where the implementation stands
                _silence--;
                ReadImplementation(hasTrait: tag == 'X');
                break;
            case 'Y':
                ReadImplementation(hasTrait: true);
                break;
            case 'I':
                ReadPath(isInValue);
                Print(isInValue ? "::<" : "<");
                ReadArguments();
                Print(">");
                break;
            case 'B':
                ReadBack(() => ReadPath(isInValue));
                break;
            default: throw Fail();
        }

        Leave();
    }

    private void ReadImplementation(bool hasTrait)
    {
        Print("<");
        ReadType();
        if (hasTrait)
        {
            Print(" as ");
            ReadPath(isInValue: false);
        }

        Print(">");
    }

    private void ReadNested(bool isInValue)
    {
        char space = Next();
        if (!char.IsAsciiLetter(space)) throw Fail();
        ReadPath(isInValue);
        ulong number = ReadDisambiguator();
        string name = ReadName();
        if (char.IsAsciiLetterLower(space))
        {
            if (name.Length > 0) Print($"::{name}");
            return;
        }

        // What has no name of its own.
        Print("::{");
        Print(space switch { 'C' => "closure", 'S' => "shim", _ => space.ToString() });
        if (name.Length > 0) Print($":{name}");
        Print("#");
        Print(number);
        Print("}");
    }

    private void ReadArguments()
    {
        for (int i = 0; !Take('E'); i++)
        {
            if (i > 0) Print(", ");
            ReadArgument();
        }
    }

    private void ReadArgument()
    {
        if (Take('L')) PrintLifetime(ReadBase62());
        else if (Take('K')) ReadConstant();
        else ReadType();
    }

    // [u] length [_] bytes
    private string ReadName()
    {
        bool isEncoded = Take('u');
        int start = _at;
        if (!char.IsAsciiDigit(Peek())) throw Fail();
        if (!Take('0'))
        {
            while (char.IsAsciiDigit(Peek())) _at++;
        }

        if (!int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int length)) throw Fail();
        Take('_');
        if (length > _text.Length - _at) throw Fail();
        _at += length;
        string name = _text.Substring(_at - length, length);
        return isEncoded ? Punycode.Decode(name) ?? throw Fail() : name;
    }

    // Bound ones are counted from the innermost: 'a is the outermost. 0 was erased.
    private void PrintLifetime(ulong index)
    {
        Print("'");
        if (index == 0)
        {
            Print("_");
            return;
        }

        if (index > _boundLifetimes) throw Fail();
        ulong depth = _boundLifetimes - index;
        if (depth < 26)
        {
            Print(((char)('a' + depth)).ToString());
        }
        else
        {
            Print("_");
            Print(depth);
        }
    }
}
