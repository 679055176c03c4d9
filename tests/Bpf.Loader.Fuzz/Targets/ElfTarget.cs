using Bpf.Loader.Elf;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The ELF reader, with everything that it offers asked for.</summary>
internal sealed class ElfTarget() : FuzzTarget("elf")
{
    public override byte[] Make(FuzzRandom random) => Seeds.MutatedObject(random);

    public override void Run(byte[] input)
    {
        ElfFile elf = ElfFile.Read(input);
        foreach (ElfProgramHeader header in elf.ProgramHeaders) Oracle.Require(header.ToString().Length > 0, "a program header without text");
        foreach (ElfSection section in elf.Sections)
        {
            Oracle.Require(section.Name is not null, "a section without a name");
            if (section.Type is not (ElfSectionType.NoBits or ElfSectionType.Null)) Oracle.Require((ulong)section.Data.Length == section.Size, "a section whose data has not its size");
            if (section.Type is ElfSectionType.SymbolTable or ElfSectionType.DynamicSymbols) Read(elf.GetSymbols(section));
            if (section.Type == ElfSectionType.Relocations)
            {
                foreach (ElfRelocation relocation in elf.GetRelocations(section)) Oracle.Require(relocation.ToString().Length > 0, "a relocation without text");
            }
        }
    }

    private static void Read(ElfSymbolTable symbols)
    {
        foreach (ElfSymbol symbol in symbols) Oracle.Require(symbol.Name is not null, "a symbol without a name");
    }
}
