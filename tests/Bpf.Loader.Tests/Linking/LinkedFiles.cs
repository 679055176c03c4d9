using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Linking;

namespace Bpf.Loader.Tests.Linking;

/// <summary>The files of <c>testdata/linked</c>, and what libbpf's linker makes of files.</summary>
internal static class LinkedFiles
{
    /// <summary>The folders of the compilers and byte orders.</summary>
    public static readonly string[] Variants = ["linked", "linked/clang-14", "linked/be"];

    /// <summary>Links files of testdata.</summary>
    public static byte[] Link(params IEnumerable<string> names)
    {
        var linker = new BpfLinker();
        foreach (string name in names) linker.Add(TestData.Read(name), name);
        return linker.ToArray();
    }

    /// <summary>The three files that go together, in an order.</summary>
    public static string[] Rules(string variant, params string[] order) => [.. order.Select(name => $"{variant}/{name}.bpf.o")];

    /// <summary>What libbpf's linker wrote, with the offsets in the data sections of the BTF corrected.</summary>
    /// <remarks>
    /// libbpf of Linux 6.12 leaves an offset of 0 for what is extern in the first object and defined in a later one, and that of the
    /// weak definition for what is overridden by a strong one. The symbols are right.
    /// </remarks>
    public static byte[] Correct(byte[] image)
    {
        byte[] copy = (byte[])image.Clone();
        ElfFile elf = ElfFile.Read(image);
        if (!elf.Sections.TryFind(".BTF"u8, out ElfSection section)) return copy;
        BtfReader btf = BtfReader.Read(section.Data);
        Dictionary<string, ElfSymbol> symbols = Symbols(elf).Where(symbol => symbol.Binding != ElfSymbolBinding.Local && symbol.SectionIndex != 0)
            .ToDictionary(symbol => symbol.Name);
        int types = (int)section.Offset + BitConverter.ToInt32(section.Data.Span[4..8]) + BitConverter.ToInt32(section.Data.Span[8..12]);
        for (int id = 1; id < btf.TypeCount; id++)
        {
            BtfType type = btf[new BtfTypeId(id)];
            if (type.Kind != BtfKind.DataSection || type.NameUtf8.SequenceEqual(".kconfig"u8) || type.NameUtf8.SequenceEqual(".ksyms"u8)) continue;
            for (int i = 0; i < type.Variables.Count; i++)
            {
                BtfType variable = btf[type.Variables[i].TypeId];
                if (variable.Linkage == BtfLinkage.Global) BitConverter.TryWriteBytes(copy.AsSpan(types + type.Offset + 12 + (12 * i) + 4), (uint)symbols[variable.Name].Value);
            }
        }

        return copy;
    }

    public static ElfSymbolTable Symbols(ElfFile elf) => elf.TryFindSection(ElfSectionType.SymbolTable, out ElfSection section)
        ? elf.GetSymbols(section)
        : throw new InvalidDataException("There is no symbol table.");

    public static ElfSymbol Symbol(ElfFile elf, string name) => Symbols(elf).Single(symbol => symbol.Name == name);
}
