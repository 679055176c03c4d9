using System.Collections.Generic;

namespace Bpf.Loader.Links.Info;

/// <summary>A link to many kernel functions (told since 6.6).</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="Addresses">Their addresses; zeros where they are hidden.</param>
/// <param name="Cookies">Their cookies (6.9); empty for none.</param>
/// <param name="AtReturn">True for their returns.</param>
/// <param name="Missed">How often the program did not run, because of recursion (6.7).</param>
public sealed record KprobeMultiLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, IReadOnlyList<ulong> Addresses, IReadOnlyList<ulong> Cookies, bool AtReturn, ulong Missed)
    : BpfLinkInfo(Type, Id, ProgramId);
