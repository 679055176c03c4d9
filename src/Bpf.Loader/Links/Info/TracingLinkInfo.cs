namespace Bpf.Loader.Links.Info;

/// <summary>A link to a function, a typed tracepoint or a security hook.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="AttachType">Which.</param>
/// <param name="TargetObjectId">The number of the BTF that the target is in, or of the program whose function is replaced (5.13).</param>
/// <param name="TargetTypeId">The target in it.</param>
/// <param name="Cookie">The cookie (6.17); 0 for none.</param>
public sealed record TracingLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, BpfAttachType AttachType, uint TargetObjectId, uint TargetTypeId, ulong Cookie)
    : BpfLinkInfo(Type, Id, ProgramId);
