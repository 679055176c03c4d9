using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Elf;

namespace Bpf.Samples.Symbols;

/// <summary>The functions of programs and libraries, each file read once.</summary>
internal sealed class ElfNames
{
    private readonly Dictionary<string, (ElfFile File, SymbolTable Symbols)?> _files = new(StringComparer.Ordinal);

    /// <summary>The function at an offset of a file; null when the file does not say.</summary>
    public string? Find(string path, ulong offset)
    {
        if (!_files.TryGetValue(path, out (ElfFile File, SymbolTable Symbols)? known))
            _files.Add(path, known = Read(path));
        if (known is not var (file, symbols))
            return null;

        // Symbols are by address, and the program headers say at which address each part of the file is.
        foreach (ElfProgramHeader part in file.ProgramHeaders)
        {
            if (part.IsLoad && offset >= part.Offset && offset - part.Offset < part.FileSize)
                return symbols.Find(offset - part.Offset + part.VirtualAddress);
        }

        return null;
    }

    // A file that was deleted, is a device, or is no ELF has no names: the stack is drawn without them.
    private static (ElfFile, SymbolTable)? Read(string path)
    {
        try
        {
            var file = ElfFile.Read(File.ReadAllBytes(path));
            return (file, new SymbolTable(Functions(file)));
        }
        catch (Exception e) when (e is BpfFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A file has all its names or, when it was stripped, those that others may call.
    private static IEnumerable<(ulong Start, ulong Size, string Name)> Functions(ElfFile file) =>
        file.TryFindSection(ElfSectionType.SymbolTable, out ElfSection section) || file.TryFindSection(ElfSectionType.DynamicSymbols, out section)
            ? file.GetSymbols(section).Where(symbol => symbol is { Type: ElfSymbolType.Function, SectionIndex: not 0 }).Select(symbol => (symbol.Value, symbol.Size, symbol.Name))
            : [];
}
