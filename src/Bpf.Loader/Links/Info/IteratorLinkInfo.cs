namespace Bpf.Loader.Links.Info;

/// <summary>An iterator.</summary>
/// <param name="Type">The type of the link.</param>
/// <param name="Id">The kernel's number of the link.</param>
/// <param name="ProgramId">The number of the program; 0 when there is none.</param>
/// <param name="TargetName">What it goes over, such as <c>task</c>.</param>
/// <param name="MapId">The number of the map; 0 for none.</param>
/// <param name="CgroupId">The number of the cgroup; 0 for none.</param>
/// <param name="CgroupOrder">In which order.</param>
/// <param name="ThreadId">The thread; 0 for all.</param>
/// <param name="ProcessId">The process; 0 for all.</param>
public sealed record IteratorLinkInfo(
    BpfLinkType Type, uint Id, uint ProgramId, string TargetName, uint MapId, ulong CgroupId, CgroupOrder CgroupOrder, int ThreadId, int ProcessId)
    : BpfLinkInfo(Type, Id, ProgramId);
