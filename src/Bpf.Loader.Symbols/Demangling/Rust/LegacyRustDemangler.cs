using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Symbols.Demangling.Rust;

/// <summary>
/// Decodes Rust's names of before 2025, which look like those of C++: a path whose last part is a hash, with signs written as
/// <c>$LT$</c> and the like.
/// </summary>
internal static class LegacyRustDemangler
{
    private const int HashLength = 17; // h, and 16 hexadecimal digits
    private const int LeastDistinct = 5; // of the digits of a hash, as all decoders of such names have it

    /// <summary>Decodes a name; null when it is not one of Rust's.</summary>
    public static string? TryDemangle(string mangled, bool verbose)
    {
        if (!mangled.StartsWith("_ZN", StringComparison.Ordinal) || Split(mangled) is not { Count: > 1 } parts || !IsHash(parts[^1])) return null;
        if (!verbose) parts.RemoveAt(parts.Count - 1);
        var name = new StringBuilder();
        foreach (string part in parts)
        {
            if (name.Length > 0) name.Append("::");
            if (!TryDecode(part, name)) return null;
        }

        return name.ToString();
    }

    private static List<string>? Split(string mangled)
    {
        List<string> parts = [];
        int at = "_ZN".Length;
        while (at < mangled.Length && mangled[at] != 'E')
        {
            int start = at;
            while (at < mangled.Length && char.IsAsciiDigit(mangled[at])) at++;
            if (!int.TryParse(mangled.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length == 0 || length > mangled.Length - at)
                return null;
            parts.Add(mangled.Substring(at, length));
            at += length;
        }

        // Behind the end there may be what the optimiser added: .llvm.1234
        return at < mangled.Length && (at + 1 == mangled.Length || mangled[at + 1] == '.') ? parts : null;
    }

    private static bool IsHash(string part)
    {
        if (part.Length != HashLength || part[0] != 'h') return false;
        int seen = 0;
        foreach (char digit in part.AsSpan(1))
        {
            if (!char.IsAsciiHexDigitLower(digit)) return false;
            seen |= 1 << Convert.ToInt32(digit.ToString(), 16);
        }

        return int.PopCount(seen) >= LeastDistinct;
    }

    private static bool TryDecode(string part, StringBuilder name)
    {
        // No name begins with a sign: there an underscore is put in front.
        int at = part.StartsWith("_$", StringComparison.Ordinal) ? 1 : 0;
        while (at < part.Length)
        {
            char letter = part[at];
            if (letter == '$')
            {
                int end = part.IndexOf('$', at + 1);
                if (end < 0 || Sign(part.AsSpan(at + 1, end - at - 1)) is not string sign) return false;
                name.Append(sign);
                at = end + 1;
            }
            else if (letter == '.' && at + 1 < part.Length && part[at + 1] == '.')
            {
                name.Append("::");
                at += 2;
            }
            else if (char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or ':')
            {
                name.Append(letter);
                at++;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static string? Sign(ReadOnlySpan<char> code)
    {
        switch (code)
        {
            case "SP": return "@";
            case "BP": return "*";
            case "RF": return "&";
            case "LT": return "<";
            case "GT": return ">";
            case "LP": return "(";
            case "RP": return ")";
            case "C": return ",";
            default:
                // $u7e$ is a letter by its number.
                return code.Length is > 1 and < 8 && code[0] == 'u' && int.TryParse(code[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number)
                    && Rune.IsValid(number) && !Rune.IsControl(new Rune(number)) ? new Rune(number).ToString() : null;
        }
    }
}
