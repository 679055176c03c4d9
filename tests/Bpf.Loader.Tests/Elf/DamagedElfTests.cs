using System;
using Bpf.Loader.Elf;
using Xunit;

namespace Bpf.Loader.Tests.Elf;

/// <summary>The ELF reader alone, with everything that it offers asked for.</summary>
public class DamagedElfTests
{
    public static TheoryData<string> Samples() => ["execsnoop.bpf.o", "be/execsnoop.bpf.o", "linked.bpf.o", "hook_struct_ops_link.bpf.o"];

    [Theory, MemberData(nameof(Samples))]
    public void Every_truncation_is_refused_or_read(string name) => Damage.MustBeSurvived(Damage.Truncations(TestData.Read(name)), ReadAll);

    [Theory, MemberData(nameof(Samples))]
    public void Changed_bytes_are_refused_or_read(string name) => Damage.MustBeSurvived(Damage.Flips(TestData.Read(name), 10_000, seed: 1), ReadAll);

    [Theory, MemberData(nameof(Samples))]
    public void The_headers_may_hold_anything(string name)
    {
        // The file header and the section headers are where a change does most harm: nothing else is changed here.
        byte[] sound = TestData.Read(name);
        var random = new Random(2);
        int table = (int)ElfFile.Read(sound).Sections[1].Offset;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] bytes = (byte[])sound.Clone();
            int at = random.Next(2) == 0 ? random.Next(16, 64) : bytes.Length - random.Next(1, Math.Min(bytes.Length - table, 20 * 64));
            bytes[at] = (byte)random.Next(256);
            bytes[Math.Min(at + 1, bytes.Length - 1)] = (byte)random.Next(256);
            ReadOrRefuse(bytes);
        }
    }

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            ReadAll(bytes);
        }
        catch (BpfFormatException e)
        {
            Assert.StartsWith("BPF10", e.Message, StringComparison.Ordinal);
        }
    }

    private static void ReadAll(ReadOnlyMemory<byte> bytes)
    {
        ElfFile elf = ElfFile.Read(bytes);
        foreach (ElfProgramHeader header in elf.ProgramHeaders) Assert.Equal(header.Type == 1, header.IsLoad);
        foreach (ElfSection section in elf.Sections)
        {
            Assert.NotNull(section.Name);
            Assert.InRange(section.Data.Length, 0, bytes.Length);
            switch (section.Type)
            {
                case ElfSectionType.SymbolTable or ElfSectionType.DynamicSymbols:
                    foreach (ElfSymbol symbol in elf.GetSymbols(section)) Assert.NotNull(symbol.Name);
                    break;
                case ElfSectionType.Relocations:
                    foreach (ElfRelocation relocation in elf.GetRelocations(section)) Assert.True(relocation.SymbolIndex >= -1);
                    break;
            }
        }
    }
}
