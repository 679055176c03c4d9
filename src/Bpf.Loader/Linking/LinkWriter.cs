using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>Writes the linked object: strings, symbols, sections, and BTF with duplicates removed.</summary>
internal sealed class LinkWriter(BtfStringTable names, List<OutputSection> sections, List<OutputSymbol> symbols, bool isBigEndian)
{
    private const int NamesSection = 1, SymbolsSection = 2;

    /// <summary>The whole file.</summary>
    /// <param name="types">The types of all objects.</param>
    public byte[] Write(TypeLinker types)
    {
        (ReadOnlyMemory<byte> btf, ReadOnlyMemory<byte> ext) = MergeTypes(types);
        uint btfName = btf.IsEmpty ? 0 : names.Add(".BTF"u8), extName = ext.IsEmpty ? 0 : names.Add(".BTF.ext"u8);

        var elf = new ElfWriter(isBigEndian);
        elf.Add(new ElfOutputSection { Name = names.Add(".strtab"u8), Type = ElfSectionType.StringTable, Flags = ElfSectionFlags.Strings, Alignment = 1, Data = names.Bytes.ToArray() });
        elf.Add(new ElfOutputSection { Name = names.Add(".symtab"u8), Type = ElfSectionType.SymbolTable, Alignment = 8, EntrySize = ElfSymbol.RecordSize, Link = NamesSection, Data = WriteSymbols() });
        List<OutputSection> inFile = sections.FindAll(section => !section.IsVirtual);
        inFile.Sort((one, other) => one.Index.CompareTo(other.Index));
        foreach (OutputSection section in inFile)
        {
            elf.Add(new ElfOutputSection
            {
                Name = section.NameOffset,
                Type = section.Type,
                Flags = section.Flags,
                Data = section.ToArray(),
                Size = section.Size,
                Link = section.Relocated is null ? 0u : SymbolsSection,
                Info = (uint)(section.Relocated?.Index ?? 0),
                Alignment = section.Alignment,
                EntrySize = section.EntrySize,
            });
        }

        if (!btf.IsEmpty) elf.Add(new ElfOutputSection { Name = btfName, Type = ElfSectionType.ProgramBits, Alignment = 8, Data = btf });
        if (!ext.IsEmpty) elf.Add(new ElfOutputSection { Name = extName, Type = ElfSectionType.ProgramBits, Alignment = 8, Data = ext });
        return elf.ToArray(NamesSection);
    }

    private (ReadOnlyMemory<byte> Btf, ReadOnlyMemory<byte> Ext) MergeTypes(TypeLinker types)
    {
        if (types.Builder.TypeCount == 1) return default;

        // Sections are added to a copy, since more objects may come.
        var builder = new BtfBuilder(types.Builder.ToReader());
        TypeLinker.AppendSections(builder, sections);
        BtfExtBuilder ext = BtfExtLinker.Build(sections, builder);
        BtfDeduplication merged = BtfDeduplication.RunKeepingStrings(
            BtfReader.Read(builder.ToArray(isBigEndian)), ext.IsEmpty ? null : BtfExtReader.Read(ext.ToArray(isBigEndian)));
        return (merged.Types.Raw, merged.Ext?.Raw ?? default);
    }

    private byte[] WriteSymbols()
    {
        byte[] table = new byte[checked(symbols.Count * ElfSymbol.RecordSize)];
        Span<byte> rest = table;
        foreach (OutputSymbol symbol in symbols)
        {
            ushort section = (ushort)(symbol.Section?.Index ?? symbol.ReservedIndex);
            rest[4] = (byte)(((int)symbol.Binding << 4) | (int)symbol.Type);
            rest[5] = (byte)symbol.Visibility;
            if (isBigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(rest, symbol.Name);
                BinaryPrimitives.WriteUInt16BigEndian(rest[6..], section);
                BinaryPrimitives.WriteUInt64BigEndian(rest[8..], symbol.Value);
                BinaryPrimitives.WriteUInt64BigEndian(rest[16..], symbol.Size);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(rest, symbol.Name);
                BinaryPrimitives.WriteUInt16LittleEndian(rest[6..], section);
                BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], symbol.Value);
                BinaryPrimitives.WriteUInt64LittleEndian(rest[16..], symbol.Size);
            }

            rest = rest[ElfSymbol.RecordSize..];
        }

        return table;
    }
}
