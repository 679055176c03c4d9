using System.Collections.Generic;

namespace Bpf.Loader.Links.Queries;

/// <summary>Who is attached to a hook.</summary>
/// <param name="AttachType">The hook.</param>
/// <param name="Programs">The programs, in the order in which they run.</param>
/// <param name="Flags">How they share a cgroup; of effective programs it is not told.</param>
/// <param name="Revision">
/// A number that grows with every change (tcx, netkit, and cgroups since 6.17), for <see cref="AttachOrder.ExpectedRevision"/>; 0
/// where the hook has none.
/// </param>
public sealed record HookState(BpfAttachType AttachType, IReadOnlyList<HookProgram> Programs, HookFlags Flags, ulong Revision);
