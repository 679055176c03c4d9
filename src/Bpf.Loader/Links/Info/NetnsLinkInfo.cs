namespace Bpf.Loader.Links.Info;

/// <summary>A link to a network namespace.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="Inode">The inode of the namespace; 0 when it is gone.</param>
/// <param name="AttachType">The hook.</param>
public sealed record NetnsLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, uint Inode, BpfAttachType AttachType)
    : BpfLinkInfo(Type, Id, ProgramId);
