using System;
using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Elf;

/// <summary>A symbol table (<c>.symtab</c> or <c>.dynsym</c>) with its string table.</summary>
public sealed class ElfSymbolTable : IReadOnlyList<ElfSymbol>
{
    private readonly ReadOnlyMemory<byte> _strings;
    private readonly string _name;

    internal ElfSymbolTable(string name, MemoryBlock block, ReadOnlyMemory<byte> strings)
    {
        _name = name;
        Block = block;
        _strings = strings;
    }

    /// <summary>The number of symbols; number 0 is the null symbol.</summary>
    public int Count => Block.Length / ElfSymbol.RecordSize;

    internal MemoryBlock Block { get; }

    /// <summary>The symbol with an index.</summary>
    /// <exception cref="BpfFormatException">There is no such symbol.</exception>
    public ElfSymbol this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                throw new BpfFormatException($"Symbol {index} does not exist: the table has {Count}.", _name, null, BpfDiagnosticId.BadSymbol);
            return new ElfSymbol(this, index);
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<ElfSymbol> IEnumerable<ElfSymbol>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlySpan<byte> GetName(uint offset) => ElfStrings.Get(_strings, offset, _name);

    /// <summary>Walks the symbols.</summary>
    public struct Enumerator : IEnumerator<ElfSymbol>
    {
        private readonly ElfSymbolTable _table;
        private int _index;

        internal Enumerator(ElfSymbolTable table)
        {
            _table = table;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly ElfSymbol Current => _table[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _table.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
