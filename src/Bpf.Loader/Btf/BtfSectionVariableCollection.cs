using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>The variables of a data section.</summary>
public readonly struct BtfSectionVariableCollection : IReadOnlyList<BtfSectionVariable>
{
    private readonly BtfReader _reader;
    private readonly int _offset;

    internal BtfSectionVariableCollection(BtfReader reader, int offset, int count)
    {
        _reader = reader;
        _offset = offset;
        Count = count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public BtfSectionVariable this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            MemoryBlock types = _reader.Types;
            int at = _offset + (index * 12);
            return new BtfSectionVariable(new BtfTypeId(types.Int32(at)), types.UInt32(at + 4), types.UInt32(at + 8));
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<BtfSectionVariable> IEnumerable<BtfSectionVariable>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the collection.</summary>
    public struct Enumerator : IEnumerator<BtfSectionVariable>
    {
        private readonly BtfSectionVariableCollection _items;
        private int _index;

        internal Enumerator(BtfSectionVariableCollection items)
        {
            _items = items;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly BtfSectionVariable Current => _items[_index];

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
