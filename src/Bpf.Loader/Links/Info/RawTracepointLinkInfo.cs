namespace Bpf.Loader.Links.Info;

/// <summary>A link to a raw tracepoint.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="Name">The tracepoint.</param>
/// <param name="Cookie">The cookie (6.17); 0 for none.</param>
public sealed record RawTracepointLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, string Name, ulong Cookie)
    : BpfLinkInfo(Type, Id, ProgramId);
