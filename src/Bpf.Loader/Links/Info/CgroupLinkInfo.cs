namespace Bpf.Loader.Links.Info;

/// <summary>A link to a cgroup.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="CgroupId">The number of the cgroup: the inode of its directory; 0 when it is gone.</param>
/// <param name="AttachType">The hook.</param>
public sealed record CgroupLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, ulong CgroupId, BpfAttachType AttachType)
    : BpfLinkInfo(Type, Id, ProgramId);
