namespace Bpf.Loader.Links.Info;

/// <summary>What the kernel tells of a link. Links of most types tell more, by a record of their own.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
public record BpfLinkInfo(BpfLinkType Type, uint Id, uint ProgramId);
