using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>A table of symbols of a binary with their names: it is read in pieces, by who goes through it.</summary>
internal sealed class BinarySymbolTable
{
    private const int Size64 = 24, Size32 = 16;
    private const int Piece = 2048;

    private readonly IBinaryBytes _bytes;
    private readonly ElfForm _form;
    private readonly ulong _offset;

    /// <param name="bytes">The binary.</param>
    /// <param name="form">How its numbers are written.</param>
    /// <param name="offset">Where the table begins.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="names">The string table.</param>
    public BinarySymbolTable(IBinaryBytes bytes, ElfForm form, ulong offset, ulong size, BinaryWindow names)
    {
        _bytes = bytes;
        _form = form;
        _offset = offset;
        Names = names;
        ulong there = offset >= (ulong)bytes.Length ? 0 : Math.Min(size, (ulong)bytes.Length - offset);
        Count = (uint)Math.Min(there / (ulong)RecordSize(form), uint.MaxValue);
    }

    /// <summary>How many symbols it has; number 0 is none.</summary>
    public uint Count { get; }

    /// <summary>The string table.</summary>
    public BinaryWindow Names { get; }

    /// <summary>The hash table of the dynamic symbols, if there is one.</summary>
    public GnuHashTable? Hash { get; init; }

    /// <summary>True for the symbols that the binary offers to others and asks of them.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>The size of a symbol.</summary>
    public static int RecordSize(ElfForm form) => form.Is64Bit ? Size64 : Size32;

    /// <summary>All symbols, in order.</summary>
    public IEnumerable<BinarySymbol> All()
    {
        int size = RecordSize(_form);
        byte[] piece = new byte[(int)Math.Min(Piece, Math.Max(Count, 1)) * size];
        for (uint next = 1; next < Count;)
        {
            int wanted = (int)Math.Min((uint)(piece.Length / size), Count - next) * size;
            int read = _bytes.Read((long)(_offset + ((ulong)next * (ulong)size)), piece.AsSpan(0, wanted));
            for (int at = 0; at + size <= read; at += size) yield return Decode(piece.AsSpan(at, size), next++);
            if (read < wanted) yield break;
        }
    }

    /// <summary>The symbols whose names begin at one of some places of the string table, which are in order.</summary>
    public IEnumerable<BinarySymbol> At(List<uint> places)
    {
        if (places.Count == 0) yield break;
        uint first = places[0], last = places[^1];
        foreach (BinarySymbol symbol in All())
        {
            if (symbol.Name >= first && symbol.Name <= last && (places.Count == 1 || places.BinarySearch(symbol.Name) >= 0)) yield return symbol;
        }
    }

    /// <summary>One symbol.</summary>
    public BinarySymbol? At(uint index)
    {
        int size = RecordSize(_form);
        Span<byte> record = stackalloc byte[size];
        if (index >= Count || _bytes.Read((long)(_offset + ((ulong)index * (ulong)size)), record) < size) return null;
        return Decode(record, index);
    }

    /// <summary>The name of a symbol; valid until the next name is asked for.</summary>
    /// <exception cref="BpfFormatException">It lies outside of the string table.</exception>
    public ReadOnlySpan<byte> NameOf(in BinarySymbol symbol)
    {
        if (symbol.Name == 0) return default;
        if (Names.TryGetText(symbol.Name, out ReadOnlySpan<byte> name)) return name;
        throw new BpfFormatException(
            $"The name of symbol {symbol.Index} should be at offset 0x{symbol.Name:x} of its string table, which has 0x{Names.Size:x} bytes.",
            IsDynamic ? ".dynsym" : ".symtab", null, BpfDiagnosticId.BadString);
    }

    private BinarySymbol Decode(ReadOnlySpan<byte> record, uint index) => _form.Is64Bit
        ? new BinarySymbol(index, _form.UInt32(record), record[4], _form.UInt16(record[6..]), _form.UInt64(record[8..]), _form.UInt64(record[16..]))
        : new BinarySymbol(index, _form.UInt32(record), record[12], _form.UInt16(record[14..]), _form.UInt32(record[4..]), _form.UInt32(record[8..]));
}
