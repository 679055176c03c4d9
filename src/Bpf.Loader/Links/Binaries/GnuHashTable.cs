using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The hash table by which the dynamic loader finds symbols (DT_GNU_HASH), and which alone tells how many there are where there are no section headers.</summary>
internal sealed class GnuHashTable
{
    private const ulong HeaderSize = 16;
    private const int Room = 4096;

    private readonly BinaryWindow _table;
    private readonly ElfForm _form;
    private readonly uint _bucketCount;
    private readonly uint _firstSymbol;
    private readonly ulong _buckets;

    private GnuHashTable(BinaryWindow table, ElfForm form, uint bucketCount, uint firstSymbol, ulong buckets)
    {
        _table = table;
        _form = form;
        _bucketCount = bucketCount;
        _firstSymbol = firstSymbol;
        _buckets = buckets;
    }

    /// <summary>Reads the table's header; null when there is none, or it is malformed.</summary>
    public static GnuHashTable? Read(IBinaryBytes bytes, ElfForm form, DynamicTable dynamic)
    {
        if (dynamic.Locate(DynamicTable.GnuHash) is not (ulong offset, ulong size)) return null;
        var table = new BinaryWindow(bytes, offset, size, Room);
        ReadOnlySpan<byte> header = table.At(0, (int)HeaderSize);
        if (header.Length < (int)HeaderSize) return null;
        uint buckets = form.UInt32(header);
        ulong at = HeaderSize + ((ulong)form.UInt32(header[8..]) * (ulong)form.WordSize); // behind the Bloom filter
        return at + ((ulong)buckets * sizeof(uint)) > table.Size ? null : new GnuHashTable(table, form, buckets, form.UInt32(header[4..]), at);
    }

    /// <summary>How many symbols there are: the last one ends the last chain.</summary>
    public uint CountSymbols()
    {
        uint last = 0;
        for (uint i = 0; i < _bucketCount; i++) last = Math.Max(last, Value(_buckets + ((ulong)i * sizeof(uint))) ?? 0);
        if (last < _firstSymbol) return _firstSymbol;
        while (Chain(last) is uint hash && (hash & 1) == 0) last++;
        return last + 1;
    }

    /// <summary>The symbols that may have a name: those with its hash.</summary>
    public IEnumerable<uint> Find(byte[] name)
    {
        if (_bucketCount == 0) yield break;
        uint wanted = HashOf(name);
        uint symbol = Value(_buckets + ((ulong)(wanted % _bucketCount) * sizeof(uint))) ?? 0;
        if (symbol < _firstSymbol) yield break;
        for (; Chain(symbol) is uint hash; symbol++)
        {
            if ((hash | 1) == (wanted | 1)) yield return symbol;
            if ((hash & 1) != 0) yield break;
        }
    }

    private uint? Chain(uint symbol) => Value(_buckets + (((ulong)_bucketCount + (symbol - _firstSymbol)) * sizeof(uint)));

    private uint? Value(ulong offset) => _table.At(offset, sizeof(uint)) is { Length: sizeof(uint) } bytes ? _form.UInt32(bytes) : null;

    private static uint HashOf(ReadOnlySpan<byte> name)
    {
        uint hash = 5381;
        foreach (byte b in name) hash = (hash * 33) + b;
        return hash;
    }
}
