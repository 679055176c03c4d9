using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Symbols.Demangling.Rust;

/// <summary>Decodes names with letters beyond ASCII (RFC 3492), in which Rust has an underscore for the hyphen.</summary>
internal static class Punycode
{
    private const int Base = 36, SmallestThreshold = 1, LargestThreshold = 26, Skew = 38, Damp = 700, FirstBias = 72, FirstLetter = 0x80;

    /// <summary>Decodes a name; null when it is malformed.</summary>
    public static string? Decode(string encoded)
    {
        int mark = encoded.LastIndexOf('_');
        List<int> letters = [];
        for (int i = 0; i < mark; i++) letters.Add(encoded[i]);

        int at = mark + 1, letter = FirstLetter, place = 0, bias = FirstBias;
        while (at < encoded.Length)
        {
            long delta = 0, weight = 1;
            for (int k = Base; ; k += Base)
            {
                if (at == encoded.Length || DigitOf(encoded[at++]) is not int digit) return null;
                delta += digit * weight;
                int threshold = int.Clamp(k - bias, SmallestThreshold, LargestThreshold);
                if (delta > int.MaxValue) return null;
                if (digit < threshold) break;
                weight *= Base - threshold;
                if (weight > int.MaxValue) return null;
            }

            int count = letters.Count + 1;
            long position = place + delta;
            letter += (int)(position / count);
            place = (int)(position % count);
            if (!Rune.IsValid(letter)) return null;
            letters.Insert(place++, letter);
            bias = Adapt((int)delta, count, isFirst: count == mark + 1 || (mark < 0 && count == 1));
        }

        var name = new StringBuilder();
        foreach (int each in letters) name.Append(new Rune(each).ToString());
        return name.ToString();
    }

    private static int Adapt(int delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        int k = 0;
        for (; delta > (Base - SmallestThreshold) * LargestThreshold / 2; k += Base) delta /= Base - SmallestThreshold;
        return k + ((Base - SmallestThreshold + 1) * delta / (delta + Skew));
    }

    private static int? DigitOf(char letter) => letter switch
    {
        >= 'a' and <= 'z' => letter - 'a',
        >= '0' and <= '9' => letter - '0' + 26,
        _ => null,
    };
}
