using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>What the dynamic loader goes by (PT_DYNAMIC): where symbols, their names, versions and hash table are, whatever the section headers say.</summary>
internal sealed class DynamicTable
{
    public const ulong Hash = 4, StringTable = 5, SymbolTable = 6, StringSize = 10, SymbolSize = 11, SharedName = 14;
    public const ulong GnuHash = 0x6ffffef5, VersionSymbols = 0x6ffffff0, VersionDefinitions = 0x6ffffffc;

    private const uint SegmentType = 2; // PT_DYNAMIC
    private const ulong MostEntries = 4096;

    private readonly Dictionary<ulong, ulong> _values = [];
    private readonly BinarySegments _segments;

    private DynamicTable(BinarySegments segments) => _segments = segments;

    /// <summary>Reads the table; empty when there is none.</summary>
    public static DynamicTable Read(IBinaryBytes bytes, ElfForm form, BinarySegments segments)
    {
        var dynamic = new DynamicTable(segments);
        foreach (ElfProgramHeader segment in segments.Headers)
        {
            if (segment.Type != SegmentType) continue;
            int size = form.WordSize * 2;
            var table = new BinaryWindow(bytes, segment.Offset, segment.FileSize, 4096);
            for (ulong i = 0; i < MostEntries; i++)
            {
                ReadOnlySpan<byte> entry = table.At(i * (ulong)size, size);
                if (entry.Length < size || form.Word(entry) == 0) break; // DT_NULL
                dynamic._values.TryAdd(form.Word(entry), form.Word(entry[form.WordSize..]));
            }
        }

        return dynamic;
    }

    /// <summary>The value of an entry.</summary>
    public ulong? Find(ulong tag) => _values.TryGetValue(tag, out ulong value) ? value : null;

    /// <summary>Where in the file what an entry points to is; the bytes from there to the end of the segment.</summary>
    public (ulong Offset, ulong Size)? Locate(ulong tag)
    {
        if (Find(tag) is not ulong address || !_segments.TryGetOffset(address, out ulong offset, out ElfProgramHeader segment)) return null;
        return (offset, segment.FileSize - (address - segment.VirtualAddress));
    }
}
