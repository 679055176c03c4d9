using System;
using System.Text;

namespace Bpf.Loader.Elf;

/// <summary>A symbol of an ELF file: a view that decodes its record when asked.</summary>
public readonly struct ElfSymbol : IEquatable<ElfSymbol>
{
    internal const int RecordSize = 24;

    private readonly ElfSymbolTable _table;

    internal ElfSymbol(ElfSymbolTable table, int index)
    {
        _table = table;
        Index = index;
    }

    /// <summary>The index in its table.</summary>
    public int Index { get; }

    /// <summary>The name, UTF-8; empty for section symbols.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the string table.</exception>
    public ReadOnlySpan<byte> NameUtf8 => _table.GetName(_table.Block.UInt32(Record));

    /// <summary>The name.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the string table.</exception>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    /// <summary>How far it is visible to the linker.</summary>
    public ElfSymbolBinding Binding => (ElfSymbolBinding)(_table.Block.Span[Record + 4] >> 4);

    /// <summary>What it names.</summary>
    public ElfSymbolType Type => (ElfSymbolType)(_table.Block.Span[Record + 4] & 0xf);

    /// <summary>Its visibility outside of what it is linked into.</summary>
    public ElfSymbolVisibility Visibility => (ElfSymbolVisibility)(_table.Block.Span[Record + 5] & 3);

    /// <summary>The section that it is in: 0 when undefined; 0xff00 and above are reserved meanings.</summary>
    public int SectionIndex => _table.Block.UInt16(Record + 6);

    /// <summary>The value: in object files the offset in the section, else an address.</summary>
    public ulong Value => _table.Block.UInt64(Record + 8);

    /// <summary>The size in bytes; 0 when unknown.</summary>
    public ulong Size => _table.Block.UInt64(Record + 16);

    /// <summary>True when hidden or internal: not offered to other files.</summary>
    public bool IsHidden => Visibility is ElfSymbolVisibility.Hidden or ElfSymbolVisibility.Internal;

    private int Record => Index * RecordSize;

    /// <inheritdoc/>
    public bool Equals(ElfSymbol other) => ReferenceEquals(_table, other._table) && Index == other.Index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ElfSymbol other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Index;

    /// <summary>True when both are the same symbol of the same table.</summary>
    public static bool operator ==(ElfSymbol left, ElfSymbol right) => left.Equals(right);

    /// <summary>True when the symbols differ.</summary>
    public static bool operator !=(ElfSymbol left, ElfSymbol right) => !left.Equals(right);
}
