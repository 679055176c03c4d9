using System;

namespace Bpf.Loader.Objects;

/// <summary>What a section name says about the programs in it: a row of <see cref="SectionTable"/>, or one of the caller's own.</summary>
/// <param name="Name">The name, without argument.</param>
/// <param name="Match">Which section names it is for.</param>
/// <param name="ProgramType">The type of its programs.</param>
/// <param name="AttachType">Their expected attach type; 0 when there is none.</param>
/// <param name="Traits">What else it says.</param>
/// <param name="AttachKind">How its programs are attached when the section name says where to.</param>
/// <param name="Argument">What follows the slash, as people write it; null when nothing may.</param>
public sealed record SectionDefinition(
    string Name,
    SectionMatch Match,
    BpfProgramType ProgramType,
    BpfAttachType AttachType = 0,
    SectionTraits Traits = SectionTraits.None,
    AttachKind AttachKind = AttachKind.None,
    string? Argument = null)
{
    /// <summary>Called at the end of the open for each program of such a section, which it may change.</summary>
    public Action<BpfProgramDefinition>? Setup { get; init; }

    /// <summary>The program flags that follow from <see cref="Traits"/>.</summary>
    public BpfProgramFlags ProgramFlags =>
        ((Traits & SectionTraits.Sleepable) != 0 ? BpfProgramFlags.Sleepable : 0)
        | ((Traits & SectionTraits.XdpFrags) != 0 ? BpfProgramFlags.XdpHasFrags : 0);

    /// <summary>True when a section with that name (without <c>?</c>) is meant.</summary>
    public bool Matches(ReadOnlySpan<char> section)
    {
        if (!section.StartsWith(Name, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> rest = section[Name.Length..];
        return Match switch
        {
            SectionMatch.Exact => rest.IsEmpty,
            SectionMatch.OptionalArgument => rest.IsEmpty || rest[0] == '/',
            SectionMatch.RequiredArgument => rest.Length > 1 && rest[0] == '/',
            _ => false,
        };
    }
}
