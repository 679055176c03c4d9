using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Elf;
using Theirs = LibObjectFile.Elf;

namespace Bpf.Loader.Tests.Elf;

/// <summary>Reads an ELF file with our reader and with LibObjectFile, and tells where they differ.</summary>
internal static class ElfComparison
{
    /// <summary>The differences, none when both see the same headers, sections, contents, symbols and relocations.</summary>
    /// <param name="image">What we read.</param>
    /// <param name="other">What LibObjectFile reads, if that is not the same.</param>
    public static List<string> Differences(byte[] image, byte[]? other = null)
    {
        var differences = new List<string>();
        ElfFile ours = ElfFile.Read(image);
        if (!Theirs.ElfFile.TryRead(new MemoryStream(other ?? image), out Theirs.ElfFile? theirs, out LibObjectFile.Diagnostics.DiagnosticBag? said))
        {
            differences.Add($"LibObjectFile refuses it: {said}");
            return differences;
        }

        Compare("machine", (ushort)ours.Machine, (ushort)theirs.Arch.Value);
        Compare("type", (ushort)ours.Type, (ushort)theirs.FileType);
        Compare("big-endian", ours.IsBigEndian, theirs.Encoding == Theirs.ElfEncoding.Msb);
        Compare("sections", ours.Sections.Count, theirs.Sections.Count);
        Compare("segments", ours.ProgramHeaders.Count, theirs.Segments.Count);
        for (int i = 1; i < Math.Min(ours.Sections.Count, theirs.Sections.Count); i++) CompareSections(ours.Sections[i], theirs.Sections[i]);
        for (int i = 0; i < Math.Min(ours.ProgramHeaders.Count, theirs.Segments.Count); i++) CompareSegments(i, ours.ProgramHeaders[i], theirs.Segments[i]);
        return differences;

        void CompareSections(ElfSection our, Theirs.ElfSection their)
        {
            string where = $"section {our.Index} '{our.Name}'";
            Compare($"{where}: name", our.Name, their.Name.Value);
            Compare($"{where}: type", (uint)our.Type, (uint)their.Type);
            Compare($"{where}: flags", (ulong)our.Flags, (ulong)their.Flags);
            Compare($"{where}: address", our.Address, their.VirtualAddress);
            Compare($"{where}: offset", our.Offset, their.Position);
            Compare($"{where}: size", our.Size, their.Size);
            Compare($"{where}: alignment", our.Alignment, their.VirtualAddressAlignment);
            if (their is Theirs.ElfStreamSection stream)
            {
                var bytes = new MemoryStream();
                stream.Stream.Position = 0;
                stream.Stream.CopyTo(bytes);
                Compare($"{where}: contents", true, bytes.GetBuffer().AsSpan(0, (int)bytes.Length).SequenceEqual(our.Data.Span));
            }

            if (their is Theirs.ElfSymbolTable symbols) CompareSymbols(where, ours.GetSymbols(our), symbols);
            if (their is Theirs.ElfRelocationTable relocations && our.Type == ElfSectionType.Relocations) CompareRelocations(where, ours.GetRelocations(our), relocations);
        }

        void CompareSegments(int index, ElfProgramHeader our, Theirs.ElfSegment their)
        {
            string where = $"segment {index}";
            Compare($"{where}: type", our.Type, their.Type.Value);
            Compare($"{where}: offset", our.Offset, their.Position);
            Compare($"{where}: address", our.VirtualAddress, their.VirtualAddress);
            Compare($"{where}: size in the file", our.FileSize, their.Size);
        }

        void CompareSymbols(string where, ElfSymbolTable our, Theirs.ElfSymbolTable their)
        {
            Compare($"{where}: symbols", our.Count, their.Entries.Count);
            for (int i = 0; i < Math.Min(our.Count, their.Entries.Count); i++)
            {
                ElfSymbol a = our[i];
                Theirs.ElfSymbol b = their.Entries[i];
                Compare(
                    $"{where}: symbol {i}",
                    (a.Name, a.Value, a.Size, (int)a.Type, (int)a.Binding, (int)a.Visibility),
                    (b.Name.Value ?? "", b.Value, b.Size, (int)b.Type, (int)b.Bind, (int)b.Visibility));
                int section = b.SectionLink.Section is { } known ? known.SectionIndex : b.SectionLink.SpecialIndex;
                Compare($"{where}: symbol {i}: section", a.SectionIndex, section);
            }
        }

        void CompareRelocations(string where, ElfRelocationCollection our, Theirs.ElfRelocationTable their)
        {
            Compare($"{where}: relocations", our.Count, their.Entries.Count);
            for (int i = 0; i < Math.Min(our.Count, their.Entries.Count); i++)
                Compare($"{where}: relocation {i}", (our[i].Offset, (uint)our[i].SymbolIndex, our[i].Type), (their.Entries[i].Offset, their.Entries[i].SymbolIndex, their.Entries[i].Type.Value));
        }

        void Compare<T>(string what, T our, T their)
        {
            if (!EqualityComparer<T>.Default.Equals(our, their)) differences.Add($"{what}: {our}, {their} to LibObjectFile");
        }
    }
}
