namespace Bpf.Loader.Links.Info;

/// <summary>A link to a network device: XDP, tcx or netkit.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="InterfaceIndex">The number of the device; 0 when it is gone.</param>
/// <param name="AttachType">The hook; of XDP it is not told.</param>
public sealed record DeviceLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, uint InterfaceIndex, BpfAttachType AttachType)
    : BpfLinkInfo(Type, Id, ProgramId);
