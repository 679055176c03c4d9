using System;
using System.Buffers.Binary;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The GNU versions of the functions that a library offers: <c>.gnu.version</c> and <c>.gnu.version_d</c>.</summary>
internal readonly struct SymbolVersions
{
    private const ushort HiddenBit = 0x8000; // not the default version: NAME@VERSION rather than NAME@@VERSION
    private const int DefinitionSize = 20;

    private readonly ReadOnlyMemory<byte> _versions;
    private readonly ReadOnlyMemory<byte> _definitions;
    private readonly ReadOnlyMemory<byte> _strings;
    private readonly bool _isBigEndian;

    public SymbolVersions(ElfFile elf)
    {
        _isBigEndian = elf.IsBigEndian;
        if (elf.TryFindSection(ElfSectionType.GnuVersionSymbols, out ElfSection versions)) _versions = versions.Data;
        if (!elf.TryFindSection(ElfSectionType.GnuVersionDefinitions, out ElfSection definitions)) return;
        if (definitions.Link >= (uint)elf.Sections.Count) return;
        _definitions = definitions.Data;
        _strings = elf.Sections[(int)definitions.Link].Data;
    }

    /// <summary>True for the version that a program gets which is linked now; also true when nothing is versioned.</summary>
    public bool IsDefault(int symbol) => (VersionOf(symbol) & HiddenBit) == 0;

    /// <summary>The version of a symbol of the dynamic table; empty when it has none.</summary>
    public ReadOnlySpan<byte> NameOf(int symbol)
    {
        int wanted = VersionOf(symbol) & ~HiddenBit;
        ReadOnlySpan<byte> data = _definitions.Span;
        long at = 0;
        while (at >= 0 && at + DefinitionSize <= data.Length)
        {
            ReadOnlySpan<byte> definition = data[(int)at..];
            // Version 0 is local, 1 is the file itself: neither has a definition that names it.
            if (UInt16(definition[4..]) == wanted)
            {
                long name = at + UInt32(definition[12..]);
                if (name < 0 || name + 4 > data.Length) return default;
                uint offset = UInt32(data[(int)name..]);
                return offset < (uint)_strings.Length ? Cut(_strings.Span[(int)offset..]) : default;
            }

            uint next = UInt32(definition[16..]);
            if (next == 0) break;
            at += next;
        }

        return default;
    }

    private int VersionOf(int symbol)
    {
        long at = (long)symbol * 2;
        return at + 2 <= _versions.Length ? UInt16(_versions.Span[(int)at..]) : 0;
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.IndexOf((byte)0) is int end && end >= 0 ? text[..end] : text;

    private ushort UInt16(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint UInt32(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
