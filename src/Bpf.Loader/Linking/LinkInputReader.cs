using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Linking;

/// <summary>Reads an object that is to be linked, and checks all that the linker relies on, which is more than a loader does.</summary>
internal static class LinkInputReader
{
    public static LinkInput Read(ReadOnlyMemory<byte> image, string name)
    {
        try
        {
            ElfFile elf = ElfFile.Read(image);
            var context = new ObjectContext(elf, SectionScanner.FindSymbols(elf), name, BpfOpenOptions.Default);
            var input = new LinkInput(name, context);
            foreach (ElfSection section in elf.Sections) input.Add(Take(input, section));
            if (context.Btf is null) context.BtfExt = null; // of no use by itself; the loader ignores it, too
            LinkInputChecks.Check(input);
            DescribeSections(input);
            return input;
        }
        catch (BpfFormatException e) when (!e.Message.Contains(name, StringComparison.Ordinal))
        {
            throw new BpfFormatException($"{name}: {e.Finding.What}", e.Section, e.Offset, e.Id, e.Finding.Cure);
        }
    }

    private static InputSection Take(LinkInput input, ElfSection section)
    {
        string name = input.Context.SectionNames[section.Index];
        var taken = new InputSection(name, section.Index)
        {
            Type = section.Type,
            Flags = section.Flags,
            Size = section.Size,
            Alignment = section.Alignment,
            EntrySize = section.EntrySize,
            Link = section.Link,
            Info = section.Info,
            Data = section.Data,
        };
        taken.IsSkipped = section.Index == 0 || IsIgnored(taken);
        if (taken.IsSkipped) return taken;

        switch (section.Type)
        {
            case ElfSectionType.ProgramBits when name == ".BTF":
                input.Context.SetBtf(BtfReader.Read(section.Data));
                taken.IsSkipped = true;
                break;
            case ElfSectionType.ProgramBits when name == ".BTF.ext":
                input.Context.BtfExt = BtfExtReader.Read(section.Data);
                taken.IsSkipped = true;
                break;
            case ElfSectionType.SymbolTable or ElfSectionType.ProgramBits or ElfSectionType.NoBits or ElfSectionType.Relocations:
                break;
            default:
                throw input.Fail(BpfDiagnosticId.LinkInput, $"A section of type {(uint)section.Type} cannot be linked: code, data and relocations (SHT_REL) can.", name);
        }

        return taken;
    }

    private static bool IsIgnored(InputSection section)
    {
        string name = section.Name;
        return section.Type is ElfSectionType.StringTable or ElfSectionType.LlvmAddressSignificance
            || (section.Type == ElfSectionType.ProgramBits && section.Size == 0 && name == ".text")
            || LinkInputChecks.IsDebugInfo(name)
            || name is ".rel.BTF" or ".rel.BTF.ext"
            || (name.StartsWith(".rel", StringComparison.Ordinal) && LinkInputChecks.IsDebugInfo(name[4..]));
    }

    /// <summary>Finds the sections that the BTF describes, and fills in the offsets of their variables, which clang leaves to the loader.</summary>
    private static void DescribeSections(LinkInput input)
    {
        if (input.Btf is not BtfReader btf) return;
        var variables = new Dictionary<(int Section, string Name), ElfSymbol>();
        foreach (ElfSymbol symbol in input.Symbols)
        {
            if (symbol.Type == ElfSymbolType.Object) variables.TryAdd((symbol.SectionIndex, input.Context.Text(symbol.NameUtf8)), symbol);
        }

        foreach (BtfTypeId id in input.Context.DataSections)
        {
            BtfType description = btf[id];
            string name = input.Context.Text(description.NameUtf8);

            // Variables that are extern and in no section: clang lists them here, and their definitions elsewhere.
            InputSection? section = input.Find(name);
            if (section is null && name == ".extern") continue;
            if (section is null)
            {
                section = new InputSection(name, 0);
                input.Add(section);
            }

            if (!section.IsSkipped && !section.IsContent)
                throw input.Fail(BpfDiagnosticId.LinkInput, $"The BTF lists variables in the section '{name}', which is of type {(uint)section.Type} and holds none.", name);
            section.IsDescribed = true;
            foreach (BtfSectionVariable place in description.Variables) section.Variables.Add(Place(input, section, place, variables));
        }

        input.Descriptions = new GlobalDescriptions(input, btf);
    }

    private static BtfSectionVariable Place(LinkInput input, InputSection section, BtfSectionVariable place, Dictionary<(int Section, string Name), ElfSymbol> symbols)
    {
        BtfType variable = input.Btf![place.TypeId];
        if (variable.Kind != BtfKind.Variable || variable.Linkage != BtfLinkage.Global) return place;
        string name = input.Context.Text(variable.NameUtf8);
        if (!symbols.TryGetValue((section.Index, name), out ElfSymbol symbol))
            throw input.Fail(BpfDiagnosticId.DataSectionWithoutSymbol, $"The BTF lists the variable '{name}', for which there is no symbol.", section.Name);
        if (symbol.Value > uint.MaxValue)
            throw input.Fail(BpfDiagnosticId.BadSymbol, $"The variable '{name}' is at 0x{symbol.Value:x}, far outside of its section.", section.Name);
        return place with { Offset = (uint)symbol.Value };
    }
}
