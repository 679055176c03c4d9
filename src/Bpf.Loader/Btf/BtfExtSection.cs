using System;
using System.Collections;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>The records of a table of <c>.BTF.ext</c> that are about one ELF section, in file order.</summary>
/// <typeparam name="T">The record.</typeparam>
public readonly struct BtfExtSection<T> : IReadOnlyList<T> where T : struct, IBtfExtRecord<T>
{
    private readonly MemoryBlock _records;
    private readonly int _recordSize;

    internal BtfExtSection(uint nameOffset, MemoryBlock records, int recordSize, int offset)
    {
        NameOffset = nameOffset;
        _records = records;
        _recordSize = recordSize;
        Offset = offset;
    }

    /// <summary>The name of the ELF section, as an offset in the strings of the BTF.</summary>
    public uint NameOffset { get; }

    /// <inheritdoc/>
    public int Count => _recordSize == 0 ? 0 : _records.Length / _recordSize;

    /// <summary>The bytes of the records as they are in the file.</summary>
    internal ReadOnlyMemory<byte> Bytes => _records.Memory;

    /// <summary>The byte offset of the first record in <c>.BTF.ext</c>, for messages.</summary>
    internal int Offset { get; }

    /// <inheritdoc/>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return T.Decode(_records.Span.Slice(index * _recordSize, _recordSize), _records.IsBigEndian);
        }
    }

    /// <summary>The name of the ELF section, UTF-8.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the strings.</exception>
    public ReadOnlySpan<byte> GetNameUtf8(BtfReader btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return btf.GetStringUtf8(NameOffset);
    }

    /// <summary>The name of the ELF section.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the strings.</exception>
    public string GetName(BtfReader btf) => Encoding.UTF8.GetString(GetNameUtf8(btf));

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the records.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly BtfExtSection<T> _items;
        private int _index;

        internal Enumerator(BtfExtSection<T> items)
        {
            _items = items;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly T Current => _items[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _items.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
