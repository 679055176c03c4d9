using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Elf;

/// <summary>The records of a relocation section (SHT_REL).</summary>
public readonly struct ElfRelocationCollection : IReadOnlyList<ElfRelocation>
{
    private readonly MemoryBlock _block;

    internal ElfRelocationCollection(MemoryBlock block) => _block = block;

    /// <summary>The number of records.</summary>
    public int Count => _block.Length / ElfRelocation.RecordSize;

    /// <summary>The record with an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such record.</exception>
    public ElfRelocation this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            int at = index * ElfRelocation.RecordSize;
            ulong info = _block.UInt64(at + 8);
            uint symbol = (uint)(info >> 32);
            return new ElfRelocation(_block.UInt64(at), symbol > int.MaxValue ? -1 : (int)symbol, (uint)info);
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<ElfRelocation> IEnumerable<ElfRelocation>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the records.</summary>
    public struct Enumerator : IEnumerator<ElfRelocation>
    {
        private readonly ElfRelocationCollection _relocations;
        private int _index;

        internal Enumerator(ElfRelocationCollection relocations)
        {
            _relocations = relocations;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly ElfRelocation Current => _relocations[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _relocations.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
