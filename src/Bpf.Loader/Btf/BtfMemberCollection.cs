using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>The members of a struct or union, in declaration order.</summary>
public readonly struct BtfMemberCollection : IReadOnlyList<BtfMember>
{
    private readonly BtfReader _reader;
    private readonly int _offset;
    private readonly bool _hasBitFields;

    internal BtfMemberCollection(BtfReader reader, int offset, int count, bool hasBitFields)
    {
        _reader = reader;
        _offset = offset;
        Count = count;
        _hasBitFields = hasBitFields;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public BtfMember this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            MemoryBlock types = _reader.Types;
            int at = _offset + (index * 12);
            return new BtfMember(_reader, types.UInt32(at), new BtfTypeId(types.Int32(at + 4)), types.UInt32(at + 8), _hasBitFields);
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<BtfMember> IEnumerable<BtfMember>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the collection.</summary>
    public struct Enumerator : IEnumerator<BtfMember>
    {
        private readonly BtfMemberCollection _items;
        private int _index;

        internal Enumerator(BtfMemberCollection items)
        {
            _items = items;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly BtfMember Current => _items[_index];

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
