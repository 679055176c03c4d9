using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Elf;

/// <summary>The sections of an ELF file, in file order; number 0 is the null section.</summary>
public readonly struct ElfSectionCollection : IReadOnlyList<ElfSection>
{
    private readonly ElfFile _file;
    private readonly int _table;

    internal ElfSectionCollection(ElfFile file, int table, int count)
    {
        _file = file;
        _table = table;
        Count = count;
    }

    /// <summary>The number of sections.</summary>
    public int Count { get; }

    /// <summary>The section with an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such section.</exception>
    public ElfSection this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new ElfSection(_file, index, _table + (index * ElfSection.HeaderSize));
        }
    }

    /// <summary>Finds the first section with a name.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryFind(ReadOnlySpan<byte> name, out ElfSection section)
    {
        foreach (ElfSection candidate in this)
        {
            if (!candidate.NameUtf8.SequenceEqual(name)) continue;
            section = candidate;
            return true;
        }

        section = default;
        return false;
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<ElfSection> IEnumerable<ElfSection>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the sections.</summary>
    public struct Enumerator : IEnumerator<ElfSection>
    {
        private readonly ElfSectionCollection _sections;
        private int _index;

        internal Enumerator(ElfSectionCollection sections)
        {
            _sections = sections;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly ElfSection Current => _sections[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _sections.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
