using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Makes maps of the kernel structures that an object fills in: the variables of the struct_ops sections.</summary>
internal static class StructOpsReader
{
    private const int MemberCost = 64;

    public static void Read(ObjectContext context)
    {
        foreach (ElfSection section in context.Elf.Sections)
        {
            if (context.Roles[section.Index] != SectionRole.StructOps) continue;
            string name = context.SectionNames[section.Index];
            if (!context.TryFindDataSection(name, out BtfType description))
                throw context.Fail(BpfDiagnosticId.StructOpsWithoutDescription, "The BTF does not describe the structures: compile the object with clang -g.", section.Index);
            foreach (BtfSectionVariable variable in description.Variables) context.Maps.Add(Read(context, section, name, variable));
        }
    }

    /// <summary>Enters the programs that the relocations name for the callbacks.</summary>
    public static void Relocate(ObjectContext context, ElfSection relocations)
    {
        var programs = new Dictionary<BpfFunction, BpfProgramDefinition>();
        foreach (BpfProgramDefinition program in context.Programs) programs.TryAdd(program.Function, program);
        int section = (int)relocations.Info;
        foreach (ElfRelocation relocation in context.Elf.GetRelocations(relocations))
        {
            ElfSymbol symbol = RelocationReader.Symbol(context, section, relocation);
            (BpfMapDefinition map, StructOpsMember member) = FindMember(context, section, relocation.Offset);
            string place = $"the member '{member.Name}' of '{map.Name}'";
            if (!context.HasSection(symbol.SectionIndex) || symbol.Value % 8 != 0)
                throw context.Fail(BpfDiagnosticId.StructOpsBadProgram, $"The symbol '{symbol.Name}' for {place} is in no section, or not at an instruction.", section, (long)relocation.Offset);

            BpfFunction? function = symbol.Value > int.MaxValue ? null : FunctionLookup.Find(context.Functions, symbol.SectionIndex, (int)(symbol.Value / 8));
            if (function is null || !programs.TryGetValue(function, out BpfProgramDefinition? program))
                throw context.Fail(BpfDiagnosticId.StructOpsBadProgram, $"There is no program '{symbol.Name}' for {place}: it must be global, in a section struct_ops.", section, (long)relocation.Offset);
            if (program.Type != BpfProgramType.StructOps)
                throw context.Fail(BpfDiagnosticId.StructOpsBadProgram, $"The program '{program.Name}' for {place} is in section '{program.SectionName}': put it in a section struct_ops.", section, (long)relocation.Offset);
            member.Program = member.DeclaredProgram = program;
        }
    }

    private static BpfMapDefinition Read(ObjectContext context, ElfSection section, string sectionName, BtfSectionVariable place)
    {
        BtfReader btf = context.Btf!;
        BtfType variable = btf[place.TypeId];
        string name = context.Text(variable.NameUtf8);
        if (variable.Kind != BtfKind.Variable || name.Length == 0)
            throw context.Fail(BpfDiagnosticId.StructOpsBadVariable, $"The structure is {variable}, and no variable with a name.", section.Index, place.Offset);
        BtfType type = btf.StripModifiers(variable.TypeId);
        if (type.NameUtf8.IsEmpty)
            throw context.Fail(BpfDiagnosticId.StructOpsAnonymous, $"The type of '{name}' has no name, by which the kernel's structure is found.", section.Index, place.Offset);
        if (type.Kind != BtfKind.Struct)
            throw context.Fail(BpfDiagnosticId.StructOpsBadVariable, $"'{name}' is {type}, and no struct.", section.Index, place.Offset);
        ReadOnlySpan<byte> data = section.Data.Span;
        if ((ulong)place.Offset + type.Size > (ulong)data.Length)
            throw context.Fail(BpfDiagnosticId.StructOpsBadVariable, $"'{name}' ({type.Size} bytes) goes beyond the end of the section.", section.Index, place.Offset);

        var map = new BpfMapDefinition(name, BpfMapKind.StructOps)
        {
            SectionName = sectionName,
            SectionIndex = section.Index,
            SectionOffset = place.Offset,
            Type = BpfMapType.StructOps,
            KeySize = sizeof(uint),
            ValueSize = type.Size,
            MaxEntries = 1,
            Flags = sectionName.EndsWith(".link", StringComparison.Ordinal) ? BpfMapFlags.Link : 0,
            AutoCreate = !sectionName.StartsWith('?'),
            BtfValueTypeId = type.Id,
            StructOps = new StructOpsDefinition(context.Text(type.NameUtf8), type.Id, ReadMembers(context, type)),
        };
        map.SetInitialValue(data.Slice((int)place.Offset, (int)type.Size));
        return map;
    }

    private static StructOpsMember[] ReadMembers(ObjectContext context, BtfType type)
    {
        BtfReader btf = context.Btf!;
        context.Charge((long)MemberCost * type.Members.Count);
        var members = new StructOpsMember[type.Members.Count];
        for (int i = 0; i < members.Length; i++)
        {
            BtfMember member = type.Members[i];
            BtfType pointer = btf.StripModifiers(member.TypeId);
            bool isCallback = pointer.Kind == BtfKind.Pointer && btf.StripModifiers(pointer.TypeId).Kind == BtfKind.FunctionPrototype;
            members[i] = new StructOpsMember(i, context.Text(member.NameUtf8), member.BitOffset, isCallback);
        }

        return members;
    }

    private static (BpfMapDefinition Map, StructOpsMember Member) FindMember(ObjectContext context, int section, ulong offset)
    {
        foreach (BpfMapDefinition map in context.Maps)
        {
            if (map.StructOps is null || map.SectionIndex != section || offset < map.SectionOffset || offset - map.SectionOffset >= map.ValueSize) continue;
            context.Charge(map.StructOps.Members.Count);
            foreach (StructOpsMember member in map.StructOps.Members)
            {
                if (member.BitOffset != (offset - map.SectionOffset) * 8) continue;
                if (member.IsCallback) return (map, member);
                throw context.Fail(BpfDiagnosticId.StructOpsBadMember, $"The member '{member.Name}' of '{map.Name}' is given a program, but is no pointer to a function.", section, (long)offset);
            }
        }

        throw context.Fail(BpfDiagnosticId.StructOpsBadMember, "A pointer is at no member of a structure.", section, (long)offset);
    }
}
