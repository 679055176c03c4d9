using System;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The number that the linker gave a binary, in a note that is mapped (NT_GNU_BUILD_ID).</summary>
internal static class BuildIdNote
{
    private const uint NoteSegment = 4, BuildIdType = 3; // PT_NOTE, NT_GNU_BUILD_ID
    private const int HeaderSize = 12, Largest = 64 * 1024;

    public static ReadOnlyMemory<byte> Read(BinaryImage binary)
    {
        foreach (ElfProgramHeader segment in binary.Segments.Headers)
        {
            if (segment.Type != NoteSegment) continue;
            byte[] notes = new byte[(int)Math.Min(segment.FileSize, Largest)];
            if (Find(binary.Form, notes.AsMemory(0, binary.Bytes.Read((long)Math.Min(segment.Offset, long.MaxValue), notes))) is { IsEmpty: false } id) return id;
        }

        return default;
    }

    private static ReadOnlyMemory<byte> Find(ElfForm form, ReadOnlyMemory<byte> notes)
    {
        while (notes.Length >= HeaderSize)
        {
            ReadOnlySpan<byte> header = notes.Span;
            ulong nameSize = form.UInt32(header), size = form.UInt32(header[4..]), description = HeaderSize + RoundUp(nameSize);
            if (description + size > (ulong)notes.Length) break;
            if (form.UInt32(header[8..]) == BuildIdType && nameSize == 4 && header[HeaderSize..].StartsWith("GNU\0"u8)) return notes.Slice((int)description, (int)size);
            notes = notes[(int)Math.Min(description + RoundUp(size), (ulong)notes.Length)..];
        }

        return default;
    }

    private static ulong RoundUp(ulong size) => (size + 3) & ~3UL;
}
