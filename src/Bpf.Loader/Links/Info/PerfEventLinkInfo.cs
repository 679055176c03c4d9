namespace Bpf.Loader.Links.Info;

/// <summary>A link to a perf event: a probe, a tracepoint, or one that is counted or sampled (told since 6.6).</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="Kind">Which.</param>
/// <param name="Name">The function, the file or the tracepoint; empty for others.</param>
/// <param name="Offset">Bytes from the beginning of the function, or the offset in the file.</param>
/// <param name="Address">The address of a kernel function; 0 where it is hidden.</param>
/// <param name="Cookie">The cookie (6.9); 0 for none.</param>
public sealed record PerfEventLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, PerfEventLinkKind Kind, string Name, ulong Offset, ulong Address, ulong Cookie)
    : BpfLinkInfo(Type, Id, ProgramId);
