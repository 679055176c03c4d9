using System;
using System.Text;

namespace Bpf.Loader.Elf;

/// <summary>A section of an ELF file: a view that decodes its header when asked.</summary>
public readonly struct ElfSection : IEquatable<ElfSection>
{
    internal const int HeaderSize = 64;

    private readonly ElfFile _file;
    private readonly int _header;

    internal ElfSection(ElfFile file, int index, int header)
    {
        _file = file;
        Index = index;
        _header = header;
    }

    /// <summary>The index in the section header table.</summary>
    public int Index { get; }

    /// <summary>The name, UTF-8, without its terminator.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the section name table.</exception>
    public ReadOnlySpan<byte> NameUtf8 => _file.GetSectionName(_file.Block.UInt32(_header));

    /// <summary>The name.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the section name table.</exception>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    /// <summary>What the section holds.</summary>
    public ElfSectionType Type => (ElfSectionType)_file.Block.UInt32(_header + 4);

    /// <summary>The attributes.</summary>
    public ElfSectionFlags Flags => (ElfSectionFlags)_file.Block.UInt64(_header + 8);

    /// <summary>The address in memory; 0 in object files.</summary>
    public ulong Address => _file.Block.UInt64(_header + 16);

    /// <summary>The offset of the data in the file, in bytes.</summary>
    public ulong Offset => _file.Block.UInt64(_header + 24);

    /// <summary>The size in bytes; for <see cref="ElfSectionType.NoBits"/> it takes no space in the file.</summary>
    public ulong Size => _file.Block.UInt64(_header + 32);

    /// <summary>A section index whose meaning depends on the type: for symbols, their string table.</summary>
    public uint Link => _file.Block.UInt32(_header + 40);

    /// <summary>A number whose meaning depends on the type: for relocations, the section that they apply to.</summary>
    public uint Info => _file.Block.UInt32(_header + 44);

    /// <summary>The alignment in bytes.</summary>
    public ulong Alignment => _file.Block.UInt64(_header + 48);

    /// <summary>The size of an element of a table, in bytes; 0 when the section is not a table.</summary>
    public ulong EntrySize => _file.Block.UInt64(_header + 56);

    /// <summary>True for code.</summary>
    public bool IsExecutable => (Flags & ElfSectionFlags.Executable) != 0;

    /// <summary>The bytes of the section; empty for <see cref="ElfSectionType.NoBits"/>.</summary>
    /// <exception cref="BpfFormatException">The data lie outside of the file.</exception>
    public ReadOnlyMemory<byte> Data => _file.GetSectionData(this);

    /// <inheritdoc/>
    public bool Equals(ElfSection other) => ReferenceEquals(_file, other._file) && Index == other.Index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ElfSection other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Index;

    /// <summary>True when both are the same section of the same file.</summary>
    public static bool operator ==(ElfSection left, ElfSection right) => left.Equals(right);

    /// <summary>True when the sections differ.</summary>
    public static bool operator !=(ElfSection left, ElfSection right) => !left.Equals(right);
}
