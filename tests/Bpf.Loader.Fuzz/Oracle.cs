using System;
using System.Text;
using System.Text.Json;

namespace Bpf.Loader.Fuzz;

/// <summary>Things that must hold for every input.</summary>
internal static class Oracle
{
    /// <summary>Requires a condition.</summary>
    public static void Require(bool condition, string what)
    {
        if (!condition) throw new OracleException(what);
    }

    /// <summary>Requires two byte strings to be the same.</summary>
    public static void Same(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, string what)
    {
        if (!first.SequenceEqual(second)) throw new OracleException($"{what} ({first.Length} and {second.Length} bytes, the same up to {first.CommonPrefixLength(second)})");
    }

    /// <summary>Requires two texts to be the same.</summary>
    public static void Same(string first, string second, string what)
    {
        if (first == second) return;
        int at = first.AsSpan().CommonPrefixLength(second);
        throw new OracleException($"{what}: '{Around(first, at)}' and '{Around(second, at)}'");
    }

    /// <summary>Requires a text to hold nothing that a terminal takes for a command.</summary>
    public static void Printable(ReadOnlySpan<char> text, string what)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t')) throw new OracleException($"{what} has the control character 0x{(int)c:x2}");
        }
    }

    /// <summary>Requires bytes to be a line of JSON.</summary>
    public static void Json(ReadOnlySpan<byte> bytes, string what)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 4096 });
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw new OracleException($"{what} is no JSON: {e.Message}");
        }

        Require(!bytes.TrimEnd((byte)'\n').Contains((byte)'\n'), $"{what} has more than one line");
        Printable(Encoding.UTF8.GetString(bytes), what);
    }

    private static string Around(string text, int at) => text.Substring(Math.Max(0, at - 20), Math.Min(60, text.Length - Math.Max(0, at - 20)));
}
