using System;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Finds the one arena of an object, and gives it the variables that live in it.</summary>
internal static class ArenaReader
{
    public static void Read(ObjectContext context)
    {
        foreach (BpfMapDefinition map in context.Maps)
        {
            if (map.Type != BpfMapType.Arena) continue;
            if (context.Arena is not null)
                throw context.Fail(BpfDiagnosticId.SeveralArenas, $"The maps '{context.Arena.Name}' and '{map.Name}' are both arenas; an object can have one.", map.SectionIndex, (long)map.SectionOffset);
            context.Arena = map;
        }

        int index = Array.IndexOf(context.Roles, SectionRole.ArenaData);
        if (index < 0) return;
        ElfSection section = context.Elf.Sections[index];
        if (context.Arena is not BpfMapDefinition arena)
            throw context.Fail(BpfDiagnosticId.ArenaMissing, "There are variables in an arena, and no map of type BPF_MAP_TYPE_ARENA.", index);

        ReadOnlySpan<byte> data = section.Data.Span;
        ulong page = (ulong)Environment.SystemPageSize, needed = ((ulong)data.Length + page - 1) / page;
        if (needed > arena.MaxEntries)
            throw context.Fail(BpfDiagnosticId.ArenaTooSmall, $"The variables need {needed} pages of the arena '{arena.Name}', which has {arena.MaxEntries}: raise its max_entries.", index);
        arena.SetInitialValue(data);
    }
}
