namespace Bpf.Loader.Links.Info;

/// <summary>A link to a sockmap, or the registration of a struct_ops map.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="MapId">The number of the map; 0 when it is detached.</param>
/// <param name="AttachType">The hook of a sockmap.</param>
public sealed record MapLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, uint MapId, BpfAttachType AttachType)
    : BpfLinkInfo(Type, Id, ProgramId);
