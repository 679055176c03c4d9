using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>One of the tables of <c>.BTF.ext</c>: records by ELF section, in file order. Checked as a whole when it is read.</summary>
/// <typeparam name="T">The record.</typeparam>
public readonly struct BtfExtTable<T> : IEnumerable<BtfExtSection<T>> where T : struct, IBtfExtRecord<T>
{
    private const int SectionHeaderSize = 8;

    private readonly MemoryBlock _block; // the sections, behind the record size
    private readonly int _offset;

    private BtfExtTable(MemoryBlock block, int offset, int recordSize)
    {
        _block = block;
        _offset = offset;
        RecordSize = recordSize;
    }

    /// <summary>The size of a record in the file, in bytes; 0 when the table is missing.</summary>
    public int RecordSize { get; }

    /// <summary>True when the file has no such table.</summary>
    public bool IsEmpty => _block.Length == 0;

    /// <summary>Finds the records of an ELF section; of several parts with the same name, the first.</summary>
    /// <returns>False when there are none.</returns>
    /// <exception cref="BpfFormatException">The name of a section lies outside of the strings.</exception>
    public bool TryFind(BtfReader btf, ReadOnlySpan<byte> name, out BtfExtSection<T> section)
    {
        foreach (BtfExtSection<T> candidate in this)
        {
            if (!candidate.GetNameUtf8(btf).SequenceEqual(name)) continue;
            section = candidate;
            return true;
        }

        section = default;
        return false;
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<BtfExtSection<T>> IEnumerable<BtfExtSection<T>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads and checks a table of <paramref name="length"/> bytes at <paramref name="offset"/> of the section.</summary>
    internal static BtfExtTable<T> Read(MemoryBlock raw, int offset, int length)
    {
        if (length == 0) return default;
        if (length < 4) throw Bad("has no room for its record size", offset);
        uint recordSize = raw.UInt32(offset);
        if (recordSize < (uint)T.KnownSize || recordSize % 4 != 0)
            throw Bad($"has records of {recordSize} bytes; at least {T.KnownSize} and a multiple of 4 are expected", offset);

        int end = offset + length, at = offset + 4;
        if (at == end) throw Bad("has a record size but no records", offset);
        while (at < end)
        {
            if (end - at < SectionHeaderSize) throw Bad("ends inside of the header of a section", at);
            uint count = raw.UInt32(at + 4);
            if (count == 0) throw Bad("has a section without records", at);
            if ((ulong)count * recordSize > (ulong)(end - at - SectionHeaderSize)) throw Bad($"ends before the {count} records of a section", at);
            at += SectionHeaderSize + (int)(count * recordSize);
        }

        return new BtfExtTable<T>(raw.Slice(offset + 4, length - 4), offset + 4, (int)recordSize);
    }

    private static BpfFormatException Bad(string what, int offset) =>
        new($"The table of {typeof(T).Name} {what}.", ".BTF.ext", offset, BpfDiagnosticId.BadBtfExt);

    /// <summary>Walks the sections.</summary>
    public struct Enumerator : IEnumerator<BtfExtSection<T>>
    {
        private readonly BtfExtTable<T> _table;
        private int _next;

        internal Enumerator(BtfExtTable<T> table) => _table = table;

        /// <inheritdoc/>
        public BtfExtSection<T> Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            MemoryBlock block = _table._block;
            if (_next >= block.Length) return false;
            int first = _next + SectionHeaderSize, size = block.Int32(_next + 4) * _table.RecordSize;
            Current = new BtfExtSection<T>(block.UInt32(_next), block.Slice(first, size), _table.RecordSize, _table._offset + first);
            _next = first + size;
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _next = 0;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
