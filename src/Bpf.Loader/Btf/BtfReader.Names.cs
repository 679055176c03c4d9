using System;
using System.Threading;

namespace Bpf.Loader.Btf;

public sealed partial class BtfReader
{
    private BtfNameIndex? _index;
    private int _searches;

    /// <summary>Names of this BTF's own types, hashed on first use.</summary>
    internal BtfNameIndex Index => Volatile.Read(ref _index) ?? BuildIndex();

    private BtfNameIndex BuildIndex()
    {
        // Two threads may build the same index; the first one is kept.
        var index = new BtfNameIndex(this);
        return Interlocked.CompareExchange(ref _index, index, null) ?? index;
    }

    /// <summary>
    /// True when a search for a few names should scan all strings and types: the first few searches cost less than the index, more of
    /// them cost more.
    /// </summary>
    internal bool ShouldScan(int names) =>
        IsTrusted && Base is null && names <= BtfNameScan.MaximumNames
        && Volatile.Read(ref _index) is null && Interlocked.Increment(ref _searches) <= BtfNameScan.WorthwhileScans;

    /// <summary>True when the string at an offset is the given one: its end need not be looked for.</summary>
    /// <exception cref="BpfFormatException">The offset lies outside of the strings.</exception>
    internal bool StringEquals(uint offset, ReadOnlySpan<byte> text)
    {
        if (offset < _firstString) return Base!.StringEquals(offset, text);
        ReadOnlySpan<byte> strings = _strings.Span;
        uint at = offset - _firstString;
        if (at >= (uint)strings.Length || strings.Length - (int)at <= text.Length) return GetStringUtf8(offset).SequenceEqual(text);
        ReadOnlySpan<byte> rest = strings[(int)at..];
        return rest[text.Length] == 0 && rest.StartsWith(text);
    }

    /// <summary>
    /// The length of a name without its flavor, the part from the last <c>___</c> on: <c>task_struct___old</c> means
    /// <c>task_struct</c>. The underscores must be exactly three, with something before and behind.
    /// </summary>
    internal static ReadOnlySpan<byte> EssentialName(ReadOnlySpan<byte> name)
    {
        if (name.IndexOf("___"u8) < 0) return name;
        for (int i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_')
                return name[..(i + 1)];
        }

        return name;
    }
}
