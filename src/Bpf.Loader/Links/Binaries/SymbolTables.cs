using System;
using System.Text;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Finds the symbol tables of a binary.</summary>
internal static class SymbolTables
{
    /// <summary>The dynamic symbols: where PT_DYNAMIC says, which is what the dynamic loader goes by, else where a section header does.</summary>
    public static BinarySymbolTable? FindDynamic(BinaryImage binary)
    {
        BinarySection? section = binary.Sections.Find(ElfSectionType.DynamicSymbols);
        if (binary.Dynamic.Locate(DynamicTable.SymbolTable) is not (ulong offset, ulong room)
            || binary.Dynamic.Locate(DynamicTable.StringTable) is not (ulong names, ulong nameRoom))
            return section is BinarySection headed ? Of(binary, headed, isDynamic: true) : null;

        ulong size = (ulong)BinarySymbolTable.RecordSize(binary.Form);
        if (binary.Dynamic.Find(DynamicTable.SymbolSize) is ulong said && said != size) return null;
        GnuHashTable? hash = GnuHashTable.Read(binary.Bytes, binary.Form, binary.Dynamic);
        // The section's header knows the number without looking at anything, if it speaks of the same table.
        ulong count = section is BinarySection same && same.Offset == offset && same.EntrySize == size ? same.Size / size
            : hash?.CountSymbols() ?? CountByHash(binary) ?? 0;
        ulong nameSize = binary.Dynamic.Find(DynamicTable.StringSize) ?? nameRoom;
        return new BinarySymbolTable(
            binary.Bytes, binary.Form, offset, Math.Min(count * size, room), new BinaryWindow(binary.Bytes, names, Math.Min(nameSize, nameRoom)))
        {
            Hash = hash,
            IsDynamic = true,
        };
    }

    /// <summary>The static symbols, which only section headers tell of.</summary>
    public static BinarySymbolTable? FindStatic(BinaryImage binary) =>
        binary.Sections.Find(ElfSectionType.SymbolTable) is BinarySection section ? Of(binary, section, isDynamic: false) : null;

    /// <summary>DT_SONAME.</summary>
    public static string? SharedNameOf(BinaryImage binary)
    {
        if (binary.Dynamic.Find(DynamicTable.SharedName) is not ulong place || binary.Dynamic.Locate(DynamicTable.StringTable) is not (ulong offset, ulong size))
            return null;
        return new BinaryWindow(binary.Bytes, offset, size, room: 256).TryGetText(place, out ReadOnlySpan<byte> name) ? Encoding.UTF8.GetString(name) : null;
    }

    private static BinarySymbolTable Of(BinaryImage binary, in BinarySection section, bool isDynamic)
    {
        string name = isDynamic ? ".dynsym" : ".symtab";
        int size = BinarySymbolTable.RecordSize(binary.Form);
        if (section.EntrySize != (ulong)size)
            throw new BpfFormatException($"Symbols take {section.EntrySize} bytes each instead of {size}.", name, null, BpfDiagnosticId.BadSymbol);
        if (binary.Sections.At(section.Link) is not { Type: ElfSectionType.StringTable } strings)
            throw new BpfFormatException($"The names of the symbols should be in section {section.Link}, which is not a string table.", name, null, BpfDiagnosticId.BadSymbol);
        return new BinarySymbolTable(binary.Bytes, binary.Form, section.Offset, section.Size, new BinaryWindow(binary.Bytes, strings.Offset, strings.Size))
        {
            IsDynamic = isDynamic,
        };
    }

    // The older hash table (DT_HASH) has as many chains as there are symbols; on s390x its numbers have 8 bytes.
    private static ulong? CountByHash(BinaryImage binary)
    {
        if (binary.Dynamic.Locate(DynamicTable.Hash) is not (ulong offset, ulong size)) return null;
        bool isWide = binary is { Machine: ElfMachine.S390, Form.Is64Bit: true };
        ReadOnlySpan<byte> header = new BinaryWindow(binary.Bytes, offset, size, room: 16).At(0, isWide ? 16 : 8);
        if (header.Length < (isWide ? 16 : 8)) return null;
        return isWide ? binary.Form.UInt64(header[8..]) : binary.Form.UInt32(header[4..]);
    }
}
