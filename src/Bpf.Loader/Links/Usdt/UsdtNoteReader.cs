using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Reads the notes of <c>.note.stapsdt</c>.</summary>
internal static class UsdtNoteReader
{
    private const string SectionName = ".note.stapsdt";
    private const int HeaderSize = 12;
    private const uint StapSdtType = 3;

    /// <summary>All probes of a binary; empty when it has none.</summary>
    /// <exception cref="BpfFormatException">A note is malformed.</exception>
    public static IReadOnlyList<UsdtNote> Read(ElfFile elf)
    {
        var notes = new List<UsdtNote>();
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Type == ElfSectionType.Note && section.NameUtf8.SequenceEqual(".note.stapsdt"u8))
                ReadSection(new MemoryBlock(section.Data, elf.IsBigEndian), notes);
        }

        return notes;
    }

    private static void ReadSection(MemoryBlock data, List<UsdtNote> notes)
    {
        long at = 0;
        while (at < data.Length)
        {
            if (!data.Contains(at, HeaderSize)) throw Bad("a note's header is cut off", at);
            uint nameSize = data.UInt32((int)at), size = data.UInt32((int)at + 4), type = data.UInt32((int)at + 8);
            long name = at + HeaderSize, description = name + RoundUp(nameSize), next = description + RoundUp(size);
            if (!data.Contains(description, size)) throw Bad("a note goes beyond the end of the section", at);
            if (type != StapSdtType || !data.Span.Slice((int)name, (int)nameSize).SequenceEqual("stapsdt\0"u8))
                throw Bad($"a note has type {type} or a name other than 'stapsdt'", at);
            notes.Add(ReadDescription(data.Slice((int)description, (int)size), description));
            at = next;
        }
    }

    private static UsdtNote ReadDescription(MemoryBlock description, long at)
    {
        const int Addresses = 3 * sizeof(ulong);
        if (description.Length < Addresses) throw Bad("a note is too short for its addresses", at);
        int position = Addresses;
        string provider = ReadText(description, ref position, at);
        string name = ReadText(description, ref position, at);
        string arguments = ReadText(description, ref position, at);
        if (provider.Length == 0 || name.Length == 0) throw Bad("a note has no provider or no name", at);

        // Some assemblers write an empty list as a colon.
        if (arguments.StartsWith(':')) arguments = "";
        return new UsdtNote(provider, name, arguments, description.UInt64(0), description.UInt64(8), description.UInt64(16));
    }

    private static string ReadText(MemoryBlock description, ref int position, long at)
    {
        ReadOnlySpan<byte> rest = description.Span[position..];
        int end = rest.IndexOf((byte)0);
        if (end < 0) throw Bad("a text of a note has no terminator", at);
        position += end + 1;
        return Encoding.UTF8.GetString(rest[..end]);
    }

    private static long RoundUp(uint size) => ((long)size + 3) & ~3L;

    private static BpfFormatException Bad(string reason, long at) =>
        new($"The USDT probes cannot be read: {reason}.", SectionName, at, BpfDiagnosticId.BadUsdtNote);
}
