using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Reads the notes of <c>.note.stapsdt</c>.</summary>
internal static class UsdtNoteReader
{
    private const string SectionName = ".note.stapsdt";
    private const int HeaderSize = 12;
    private const uint StapSdtType = 3;
    private const ulong Largest = 256 << 20;

    /// <summary>All probes of a binary; empty when it has none.</summary>
    /// <exception cref="BpfFormatException">A note is malformed.</exception>
    /// <exception cref="BpfNotSupportedException">The binary has probes and is 32-bit.</exception>
    public static IReadOnlyList<UsdtNote> Read(BinaryImage binary)
    {
        var notes = new List<UsdtNote>();
        foreach (BinarySection section in binary.Sections.All)
        {
            if (section.Type != ElfSectionType.Note || section.Size == 0 || !binary.Sections.HasName(section, ".note.stapsdt"u8)) continue;
            if (!binary.Form.Is64Bit)
                throw new BpfNotSupportedException("a USDT probe of a 32-bit program, whose arguments lie in registers that usdt.bpf.h does not read", null, BpfCommand.LinkCreate, objectName: $"binary '{binary.Path}'");
            ReadSection(ReadData(binary, section), notes);
        }

        return notes;
    }

    private static MemoryBlock ReadData(BinaryImage binary, in BinarySection section)
    {
        if (section.Size > Largest || section.Offset > (ulong)binary.Bytes.Length || section.Size > (ulong)binary.Bytes.Length - section.Offset)
            throw Bad($"the section of 0x{section.Size:x} bytes goes beyond the end of the file, or is larger than any", 0);
        byte[] data = new byte[section.Size];
        int read = binary.Bytes.Read((long)section.Offset, data);
        return new MemoryBlock(data.AsMemory(0, read), binary.Form.IsBigEndian);
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
