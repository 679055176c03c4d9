using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>The parameters of a function, in order.</summary>
public readonly struct BtfParameterCollection : IReadOnlyList<BtfParameter>
{
    private readonly BtfReader _reader;
    private readonly int _offset;

    internal BtfParameterCollection(BtfReader reader, int offset, int count)
    {
        _reader = reader;
        _offset = offset;
        Count = count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public BtfParameter this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            MemoryBlock types = _reader.Types;
            int at = _offset + (index * 8);
            return new BtfParameter(_reader, types.UInt32(at), new BtfTypeId(types.Int32(at + 4)));
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<BtfParameter> IEnumerable<BtfParameter>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the collection.</summary>
    public struct Enumerator : IEnumerator<BtfParameter>
    {
        private readonly BtfParameterCollection _items;
        private int _index;

        internal Enumerator(BtfParameterCollection items)
        {
            _items = items;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly BtfParameter Current => _items[_index];

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
