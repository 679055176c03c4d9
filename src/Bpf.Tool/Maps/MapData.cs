using System;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Maps;

/// <summary>Turns the words of a key or value into bytes.</summary>
/// <remarks>
/// Several words are bytes, decimal or with <c>0x</c>, or hexadecimal behind <c>hex</c>, as bpftool takes them. One word is a value by
/// the type that the map's BTF says: JSON for structs and arrays, as <c>dump</c> prints it; else an integer of 1, 2, 4 or 8 bytes.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class MapData
{
    /// <summary>Parses a key.</summary>
    /// <exception cref="UsageException">The words are none.</exception>
    public static byte[] ParseKey(BpfMap map, string[] words) => Parse("key", map.Btf, map.KeyType, map.KeySize, words);

    /// <summary>Parses a value; for a map with one for each CPU, all of them get it.</summary>
    /// <exception cref="UsageException">The words are none.</exception>
    public static byte[] ParseValue(BpfMap map, string[] words)
    {
        int cpus = map.Type.HasValuePerCpu() ? map.ValueBufferSize / ((map.ValueSize + 7) & ~7) : 1;
        // bpftool wants the bytes of all CPUs, one behind the other; that is fine too.
        if (cpus > 1 && Count(words) == map.ValueBufferSize)
            return Parse("value", null, default, map.ValueBufferSize, words);
        byte[] one = Parse("value", map.Btf, map.ValueType, map.ValueSize, words);
        if (!map.Type.HasValuePerCpu())
            return one;
        byte[] all = new byte[map.ValueBufferSize];
        for (int cpu = 0; cpu < cpus; cpu++)
            one.CopyTo(all, cpu * (all.Length / cpus));
        return all;
    }

    private static int Count(string[] words) => words is ["hex", ..] ? words.Length - 1 : words.Length;

    /// <summary>Parses what is of a type, or of a size alone.</summary>
    /// <exception cref="UsageException">The words are no such value.</exception>
    internal static byte[] Parse(string what, BtfReader? btf, BtfTypeId type, int size, string[] words)
    {
        if (words.Length == 0)
            throw new UsageException($"The {what} is missing.");
        try
        {
            if (words is not [string only])
                return ParseBytes(what, size, words);
            byte[] bytes = new byte[size];
            if (btf is not null && !type.IsVoid)
                ParseTyped(btf, type, only, bytes);
            else if (size is 1 or 2 or 4 or 8)
                BtfValueParser.ParseInteger(only, isSigned: false, bytes);
            else
                throw new FormatException($"its {size} bytes have no type: write them one by one.");
            return bytes;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new UsageException($"The {what}: {e.Message}");
        }
    }

    private static void ParseTyped(BtfReader btf, BtfTypeId type, string text, Span<byte> bytes)
    {
        if (text.AsSpan().TrimStart() is ['{' or '[' or '"', ..])
        {
            using var json = JsonDocument.Parse(text);
            BtfJsonParser.Parse(btf, type, json.RootElement, bytes);
        }
        else
        {
            BtfValueParser.Parse(btf, type, text, bytes);
        }
    }

    private static byte[] ParseBytes(string what, int size, string[] words)
    {
        bool isHex = words[0] == "hex";
        ReadOnlySpan<string> numbers = words.AsSpan(isHex ? 1 : 0);
        if (numbers.Length != size)
            throw new FormatException($"{numbers.Length} bytes; a {what} of this map has {size}.");
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            if (!UnsignedNumber.TryParse(numbers[i], out bytes[i], isHex))
                throw new FormatException($"'{numbers[i]}' is no byte.");
        }

        return bytes;
    }
}
