namespace Bpf.Loader.Links.Info;

/// <summary>A link to netfilter.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="Family">Whose packets.</param>
/// <param name="Hook">Where on their way.</param>
/// <param name="Priority">The lower, the earlier.</param>
/// <param name="Flags">1 when fragments are put together.</param>
public sealed record NetfilterLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, NetfilterFamily Family, NetfilterHook Hook, int Priority, uint Flags)
    : BpfLinkInfo(Type, Id, ProgramId);
