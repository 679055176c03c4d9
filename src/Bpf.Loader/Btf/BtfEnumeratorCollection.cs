using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>The values of an enum, in declaration order.</summary>
public readonly struct BtfEnumeratorCollection : IReadOnlyList<BtfEnumerator>
{
    private readonly BtfReader _reader;
    private readonly int _offset;
    private readonly bool _is64;

    internal BtfEnumeratorCollection(BtfReader reader, int offset, int count, bool is64)
    {
        _reader = reader;
        _offset = offset;
        Count = count;
        _is64 = is64;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public BtfEnumerator this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            MemoryBlock types = _reader.Types;
            int at = _offset + (index * (_is64 ? 12 : 8));
            long value = _is64 ? types.UInt32(at + 4) | ((long)types.Int32(at + 8) << 32) : types.Int32(at + 4);
            return new BtfEnumerator(_reader, types.UInt32(at), value);
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<BtfEnumerator> IEnumerable<BtfEnumerator>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the collection.</summary>
    public struct Enumerator : IEnumerator<BtfEnumerator>
    {
        private readonly BtfEnumeratorCollection _items;
        private int _index;

        internal Enumerator(BtfEnumeratorCollection items)
        {
            _items = items;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly BtfEnumerator Current => _items[_index];

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
