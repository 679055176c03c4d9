using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Makes damaged copies of texts: words, numbers and signs are what they are made of.</summary>
internal static partial class TextMutator
{
    private static readonly string[] Pieces =
    [
        "", " ", "\t", "\n", "\r\n", "\0", "/", "//", ":", "::", "+", "-", "--", "@", "=", ",", ".", "..", "*", "?", "%", "(", ")", "[", "]", "{", "}", "<", ">", "\"", "'", "\\",
        "0x", "0X", "-0", "+0", "00", "0b1", "1e9", "NaN", "null", "true", "\u001b[2J", "\u007f", "\u0085", "\u00a0", "\u202e", "\ufeff", "\U0001f600", "名",
        "18446744073709551615", "18446744073709551616", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "4294967295", "4294967296", "2147483647", "2147483648", "-2147483648", "-2147483649", "65536", "256", "255", "0x7fffffffffffffff", "0xffffffffffffffff", "0x10000000000000000",
        "99999999999999999999999999999999", "0xffffffffffffffffffffffffffffffffff",
    ];

    /// <summary>A copy with one to four changes.</summary>
    /// <param name="text">The sound text.</param>
    /// <param name="random">What is changed.</param>
    /// <param name="others">Texts of the same kind, of which pieces may be put in.</param>
    public static string Mutate(string text, FuzzRandom random, IReadOnlyList<string> others)
    {
        if (random.Once(40)) return "";
        if (random.Once(60)) text = Repeat(text, 1 + random.Next(4000 / (text.Length + 1)));
        for (int changes = 1 + random.Next(4); changes > 0; changes--) text = Change(text, random, others);
        return text;
    }

    private static string Change(string text, FuzzRandom random, IReadOnlyList<string> others)
    {
        int at = random.Next(text.Length + 1), length = random.Next(Math.Min(16, text.Length - at) + 1);
        switch (random.Next(10))
        {
            case 0:
                return text.Remove(at, length);
            case 1:
                return text.Insert(at, random.Pick(Pieces));
            case 2:
                return text.Remove(at, length).Insert(at, random.Pick(Pieces));
            case 3:
                return text.Insert(random.Next(text.Length + 1), text.Substring(at, length));
            case 4:
                string other = random.Pick(others);
                int from = random.Next(other.Length + 1);
                return text.Insert(at, other.Substring(from, random.Next(other.Length - from + 1)));
            case 5:
                string tail = random.Pick(others);
                return text[..at] + tail[random.Next(tail.Length + 1)..];
            case 6:
                return text.Insert(at, ((char)random.Next(32, 127)).ToString());
            case 7:
                return text[..at];
            default:
                return ChangeNumber(text, random);
        }
    }

    private static string ChangeNumber(string text, FuzzRandom random)
    {
        MatchCollection numbers = Number().Matches(text);
        if (numbers.Count == 0) return text.Insert(random.Next(text.Length + 1), random.Pick(Pieces));
        Match match = numbers[random.Next(numbers.Count)];
        string number = random.Next(4) switch
        {
            0 => random.Pick(Pieces),
            1 => random.NextExtreme(64).ToString(CultureInfo.InvariantCulture),
            2 => "0x" + random.NextExtreme(64).ToString("x", CultureInfo.InvariantCulture),
            _ => ((long)random.NextExtreme(64)).ToString(CultureInfo.InvariantCulture),
        };
        return string.Concat(text.AsSpan(0, match.Index), number, text.AsSpan(match.Index + match.Length));
    }

    private static string Repeat(string text, int times)
    {
        var all = new StringBuilder();
        for (int i = 0; i < times; i++) all.Append(text);
        return all.ToString();
    }

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
