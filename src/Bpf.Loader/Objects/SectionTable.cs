using System;
using System.Collections.Generic;
using static Bpf.Loader.Objects.SectionTraits;
using Attach = Bpf.Loader.BpfAttachType;
using Kind = Bpf.Loader.Objects.AttachKind;
using Type = Bpf.Loader.BpfProgramType;

namespace Bpf.Loader.Objects;

/// <summary>The section names that have a meaning, as libbpf 1.8 has them, in its order.</summary>
public static partial class SectionTable
{
    private static readonly SectionDefinition[] Rows = MakeRows();

    /// <summary>All rows.</summary>
    public static IReadOnlyList<SectionDefinition> All => Rows;

    /// <summary>Finds what a section name (without <c>?</c>) means.</summary>
    /// <returns>Null when it has no meaning: the caller must give the type of such programs.</returns>
    public static SectionDefinition? Find(string section) => Find(section, BpfOpenOptions.Default);

    /// <summary>Finds what a section name means: by the caller's own rows, then the table, then the caller's fallback.</summary>
    internal static SectionDefinition? Find(string section, BpfOpenOptions options)
    {
        foreach (SectionDefinition row in options.Sections)
        {
            if (row.Matches(section)) return row;
        }

        foreach (SectionDefinition row in Rows)
        {
            if (row.Matches(section)) return row;
        }

        return (options.RelaxedSectionNames ? FindByPrefix(section) : null) ?? options.FallbackSection;
    }

    // libbpf before 1.0 took any section that begins with a known name: xdp_drop, classifier_ingress. The longest name wins.
    private static SectionDefinition? FindByPrefix(string section)
    {
        SectionDefinition? best = null;
        foreach (SectionDefinition row in Rows)
        {
            if (section.StartsWith(row.Name, StringComparison.Ordinal) && row.Name.Length > (best?.Name.Length ?? 0)) best = row;
        }

        return best;
    }

    private static SectionDefinition[] MakeRows()
    {
        var rows = new List<SectionDefinition>(160);
        AddSocketsAndProbes(rows);
        AddTracing(rows);
        AddNetwork(rows);
        AddControlGroups(rows);
        return [.. rows];
    }

    private static void Row(
        List<SectionDefinition> rows,
        string name,
        SectionMatch match,
        Type type,
        Attach attach = 0,
        SectionTraits traits = None,
        Kind kind = Kind.None,
        string? argument = null) => rows.Add(new SectionDefinition(name, match, type, attach, traits, kind, argument));
}
