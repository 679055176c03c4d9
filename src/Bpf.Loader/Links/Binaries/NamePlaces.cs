using System;
using System.Collections.Generic;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// Finds the places of a string table at which a name stands. Going through the text once and then comparing numbers is faster
/// than looking at the name of every symbol, and takes no memory.
/// </summary>
internal static class NamePlaces
{
    // Very short names are the ends of very many others, with which they share their bytes.
    private const int MostAtOnce = 1 << 19;

    /// <summary>The places, in order and in groups of bounded size. Of a name without a version those with one count as well.</summary>
    public static IEnumerable<List<uint>> Find(BinaryWindow names, byte[] name, bool orWithVersion)
    {
        var places = new List<uint>();
        ulong at = 0;
        while (at < names.Size && at <= uint.MaxValue)
        {
            at = Collect(names, at, name, orWithVersion, places);
            if (places.Count < MostAtOnce) continue;
            yield return places;
            places = [];
        }

        if (places.Count > 0) yield return places;
    }

    // What of the text is looked at ends so early that a name which begins in it is seen whole.
    private static ulong Collect(BinaryWindow names, ulong start, byte[] name, bool orWithVersion, List<uint> places)
    {
        const int Piece = 32 * 1024;
        ReadOnlySpan<byte> text = names.At(start, Piece + name.Length + 1);
        int from = 0;
        while (true)
        {
            int found = text[from..].IndexOf(name);
            if (found < 0 || from + found >= Piece) break;
            int end = from + found + name.Length;
            if (end < text.Length && (text[end] == 0 || (orWithVersion && text[end] == '@'))) places.Add((uint)(start + (ulong)(from + found)));
            from += found + 1;
        }

        return start + Piece;
    }
}
