using System;
using System.Buffers.Binary;
using System.Text;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Finds out what the sections of an object are for, and takes the small ones in at once.</summary>
internal static class SectionScanner
{
    private const int MaximumLicense = 63;

    /// <summary>Checks that a file is an object for BPF, and finds its one symbol table.</summary>
    public static ElfSymbolTable FindSymbols(ElfFile elf)
    {
        if (elf.Type != ElfFileType.Relocatable || elf.Machine is not (ElfMachine.Bpf or ElfMachine.None))
            throw ForeignMachine.Refuse(elf);

        ElfSection? found = null;
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Type != ElfSectionType.SymbolTable) continue;
            if (found is not null)
                throw new BpfFormatException("There is more than one symbol table; compilers write one.", section.Name, null, BpfDiagnosticId.SeveralSymbolTables);
            found = section;
        }

        if (found is not ElfSection table)
            throw new BpfFormatException("There is no symbol table: the object was stripped. Use llvm-strip -g, which keeps the symbols.", null, null, BpfDiagnosticId.NoSymbolTable);
        return elf.GetSymbols(table);
    }

    public static void Scan(ObjectContext context)
    {
        foreach (ElfSection section in context.Elf.Sections)
        {
            string name = context.SectionNames[section.Index];
            if (section.Index == 0 || IsIgnored(section, name)) continue;
            if (TakeByName(context, section, name)) continue;

            SectionRole role = RoleOf(section, name);
            context.Roles[section.Index] = role;
            if (role == SectionRole.Code && name == ".text") context.TextSection = section.Index;
            else if (role == SectionRole.JumpTables) context.JumpTables = section.Data;
            else if (role == SectionRole.Ignored) TakeRelocationsOrSkip(context, section, name);
        }

        if (context.License is not null) return;
        context.License = "";
        context.Note(
            BpfDiagnosticId.NoLicense, BpfSeverity.Info,
            "The object has no license, and is loaded as not GPL-compatible.",
            cure: "Helpers that only GPL-compatible programs may call need: char LICENSE[] SEC(\"license\") = \"GPL\";");
    }

    private static bool IsIgnored(ElfSection section, string name) =>
        section.Type is ElfSectionType.Null or ElfSectionType.StringTable or ElfSectionType.SymbolTable or ElfSectionType.LlvmAddressSignificance
        || (section.Type == ElfSectionType.ProgramBits && section.Size == 0 && name == ".text")
        || name.StartsWith(".debug_", StringComparison.Ordinal)
        || name.StartsWith(".rel.debug_", StringComparison.Ordinal)
        || name is ".rel.BTF" or ".rel.BTF.ext";

    private static bool TakeByName(ObjectContext context, ElfSection section, string name)
    {
        switch (name)
        {
            case "license":
                context.License = ReadLicense(context, section);
                return true;
            case "version":
                ReadOnlySpan<byte> version = section.Data.Span;
                if (version.Length != sizeof(uint))
                    throw context.Fail(BpfDiagnosticId.BadVersion, $"The kernel version takes 4 bytes, and there are {version.Length}: declare it as an unsigned int.", section.Index);
                context.KernelVersion = context.Elf.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(version) : BinaryPrimitives.ReadUInt32LittleEndian(version);
                return true;
            case ".BTF" or ".BTF.ext":
                if (section.Type != ElfSectionType.ProgramBits)
                    throw context.Fail(BpfDiagnosticId.BadBtfSection, $"The section has type {(uint)section.Type} instead of SHT_PROGBITS (1): the object is damaged.", section.Index);
                if (name == ".BTF") context.BtfData = section.Data;
                else context.BtfExtData = section.Data;
                return true;
            case ".maps":
                context.Roles[section.Index] = SectionRole.BtfMaps;
                return true;
            default:
                return false;
        }
    }

    private static string ReadLicense(ObjectContext context, ElfSection section)
    {
        ReadOnlySpan<byte> text = section.Data.Span;
        if (text.IsEmpty)
            throw context.Fail(BpfDiagnosticId.EmptyLicense, "The section is empty: write char LICENSE[] SEC(\"license\") = \"GPL\"; or leave it out.", section.Index);
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaximumLicense)]);
    }

    private static SectionRole RoleOf(ElfSection section, string name)
    {
        if (section.Size == 0) return SectionRole.Ignored;
        if (section.Type == ElfSectionType.NoBits) return IsNamed(name, ".bss") ? SectionRole.Bss : SectionRole.Ignored;
        if (section.Type != ElfSectionType.ProgramBits) return SectionRole.Ignored;
        if (section.IsExecutable) return SectionRole.Code;
        if (IsNamed(name, ".data")) return SectionRole.Data;
        if (IsNamed(name, ".rodata")) return SectionRole.ReadOnlyData;
        if (IsNamed(name, "maps") || name.StartsWith("maps/", StringComparison.Ordinal)) return SectionRole.LegacyMaps;
        if (IsStructOps(name)) return SectionRole.StructOps;
        return name switch
        {
            ".addr_space.1" => SectionRole.ArenaData,
            ".jumptables" => SectionRole.JumpTables,
            _ => SectionRole.Ignored,
        };
    }

    private static void TakeRelocationsOrSkip(ObjectContext context, ElfSection section, string name)
    {
        if (section.Type == ElfSectionType.Relocations)
        {
            if (!context.HasSection((int)section.Info))
                throw context.Fail(BpfDiagnosticId.BadRelocationTarget, $"The relocations apply to section {section.Info}, which does not exist.", section.Index);
            ElfSection target = context.Elf.Sections[(int)section.Info];
            string targetName = context.SectionNames[target.Index];
            if (target.IsExecutable || targetName is ".maps" or ".addr_space.1" || IsStructOps(targetName) || IsNamed(targetName, ".data") || IsNamed(targetName, ".rodata"))
            {
                context.RelocationSections.Add(section);
                return;
            }
        }

        // Empty sections hold nothing that could be missed.
        if (section.Size == 0 && section.Type is ElfSectionType.ProgramBits or ElfSectionType.NoBits) return;
        context.Note(BpfDiagnosticId.SectionSkipped, BpfSeverity.Info, $"Section {section.Index} is skipped: it is nothing that BPF objects use.", section.Index);
    }

    /// <summary>True for the section itself and those that go on with a dot: <c>.data</c> and <c>.data.foo</c>.</summary>
    private static bool IsNamed(string name, string section) =>
        name.StartsWith(section, StringComparison.Ordinal) && (name.Length == section.Length || name[section.Length] == '.');

    private static bool IsStructOps(string name) => name is ".struct_ops" or ".struct_ops.link" or "?.struct_ops" or "?.struct_ops.link";
}
