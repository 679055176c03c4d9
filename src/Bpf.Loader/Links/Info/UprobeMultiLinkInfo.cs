using System.Collections.Generic;

namespace Bpf.Loader.Links.Info;

/// <summary>A link to many user functions (told since 6.8).</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="Path">The binary.</param>
/// <param name="Offsets">Their offsets in the file.</param>
/// <param name="ReferenceCounterOffsets">The offsets of their counters.</param>
/// <param name="Cookies">Their cookies.</param>
/// <param name="AtReturn">True for their returns.</param>
/// <param name="ProcessId">The process; 0 for all.</param>
public sealed record UprobeMultiLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, string Path, IReadOnlyList<ulong> Offsets, IReadOnlyList<ulong> ReferenceCounterOffsets, IReadOnlyList<ulong> Cookies, bool AtReturn, int ProcessId)
    : BpfLinkInfo(Type, Id, ProgramId);
