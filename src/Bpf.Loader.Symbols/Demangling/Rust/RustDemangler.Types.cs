using System;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Symbols.Demangling.Rust;

/// <summary>Types and constants.</summary>
internal sealed partial class RustDemangler
{
    private void ReadType()
    {
        char tag = Next();
        if (Basic(tag) is string basic)
        {
            Print(basic);
            return;
        }

        Enter();
        switch (tag)
        {
            case 'R' or 'Q':
                Print("&");
                if (Take('L') && ReadBase62() is var lifetime and > 0)
                {
                    PrintLifetime(lifetime);
                    Print(" ");
                }

                if (tag == 'Q') Print("mut ");
                ReadType();
                break;
            case 'P' or 'O':
                Print(tag == 'P' ? "*const " : "*mut ");
                ReadType();
                break;
            case 'A' or 'S':
                Print("[");
                ReadType();
                if (tag == 'A')
                {
                    Print("; ");
                    ReadConstant();
                }

                Print("]");
                break;
            case 'T':
                Print("(");
                int count = 0;
                for (; !Take('E'); count++)
                {
                    if (count > 0) Print(", ");
                    ReadType();
                }

                Print(count == 1 ? ",)" : ")");
                break;
            case 'F':
                ReadBound(ReadFunction);
                break;
            case 'D':
                Print("dyn ");
                ReadBound(ReadTraits);
                if (!Take('L')) throw Fail();
                if (ReadBase62() is var bound and > 0)
                {
                    Print(" + ");
                    PrintLifetime(bound);
                }

                break;
            case 'B':
                ReadBack(ReadType);
                break;
            default:
                _at--;
                ReadPath(isInValue: false);
                break;
        }

        Leave();
    }

    // G number: so many lifetimes that the type itself names
    private void ReadBound(Action read)
    {
        ulong outer = _boundLifetimes, count = ReadOptional('G');
        if (count > (ulong)_text.Length) throw Fail(); // more than the name could refer to
        if (count > 0)
        {
            Print("for<");
            for (ulong i = 0; i < count; i++)
            {
                if (i > 0) Print(", ");
                _boundLifetimes++;
                PrintLifetime(1);
            }

            Print("> ");
        }

        read();
        _boundLifetimes = outer;
    }

    private void ReadFunction()
    {
        if (Take('U')) Print("unsafe ");
        if (Take('K'))
        {
            string abi = Take('C') ? "C" : ReadName().Replace('_', '-');
            Print($"extern \"{abi}\" ");
        }

        Print("fn(");
        for (int i = 0; !Take('E'); i++)
        {
            if (i > 0) Print(", ");
            ReadType();
        }

        Print(")");
        if (Take('u')) return;
        Print(" -> ");
        ReadType();
    }

    private void ReadTraits()
    {
        for (int i = 0; !Take('E'); i++)
        {
            if (i > 0) Print(" + ");
            bool isOpen = ReadTraitPath();
            while (Take('p'))
            {
                Print(isOpen ? ", " : "<");
                isOpen = true;
                Print(ReadName());
                Print(" = ");
                ReadType();
            }

            if (isOpen) Print(">");
        }
    }

    // True when arguments were printed, behind which others may follow.
    private bool ReadTraitPath()
    {
        bool isOpen = false;
        if (Take('B'))
        {
            ReadBack(() => isOpen = ReadTraitPath());
        }
        else if (Take('I'))
        {
            ReadPath(isInValue: false);
            Print("<");
            ReadArguments();
            // The end is printed by who knows whether more follows.
            isOpen = true;
        }
        else
        {
            ReadPath(isInValue: false);
        }

        return isOpen;
    }

    private void ReadConstant()
    {
        if (Take('B'))
        {
            ReadBack(ReadConstant);
            return;
        }

        char type = Next();
        switch (type)
        {
            case 'p':
                Print("_");
                return;
            case 'h' or 't' or 'm' or 'y' or 'o' or 'j':
                PrintNumber(ReadHex());
                break;
            case 'a' or 's' or 'l' or 'x' or 'n' or 'i':
                if (Take('n')) Print("-");
                PrintNumber(ReadHex());
                break;
            case 'b':
                Print(ReadHex() switch { "0" => "false", "1" => "true", _ => throw Fail() });
                break;
            case 'c':
                PrintLetter(ReadHex());
                break;
            default: throw Fail();
        }

        if (_isVerbose) Print($": {Basic(type)}");
    }

    private string ReadHex()
    {
        int start = _at;
        while (Peek() is (>= '0' and <= '9') or (>= 'a' and <= 'f')) _at++;
        string digits = _text[start.._at].TrimStart('0');
        return !Take('_') ? throw Fail() : digits.Length == 0 ? "0" : digits;
    }

    private void PrintNumber(string digits)
    {
        if (digits.Length <= 16) Print(ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        else Print($"0x{digits}");
    }

    private void PrintLetter(string digits)
    {
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number) || !Rune.IsValid(number)) throw Fail();
        Print(number switch
        {
            '\t' => "'\\t'",
            '\n' => "'\\n'",
            '\r' => "'\\r'",
            '\'' => "'\\''",
            '\\' => "'\\\\'",
            >= 0x20 and < 0x7f => $"'{(char)number}'",
            _ => $"'\\u{{{digits}}}'",
        });
    }

    private static string? Basic(char tag) => tag switch
    {
        'a' => "i8",
        'b' => "bool",
        'c' => "char",
        'd' => "f64",
        'e' => "str",
        'f' => "f32",
        'h' => "u8",
        'i' => "isize",
        'j' => "usize",
        'l' => "i32",
        'm' => "u32",
        'n' => "i128",
        'o' => "u128",
        'p' => "_",
        's' => "i16",
        't' => "u16",
        'u' => "()",
        'v' => "...",
        'x' => "i64",
        'y' => "u64",
        'z' => "!",
        _ => null,
    };
}
