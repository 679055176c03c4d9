namespace Bpf.Loader.Links.Queries;

/// <summary>A program at a hook.</summary>
/// <param name="ProgramId">The program's number.</param>
/// <param name="LinkId">The number of the link that holds it there; 0 without one, and where the kernel does not tell (cgroups, network namespaces, maps).</param>
/// <param name="Flags">How it shares the hook (cgroups, 6.0).</param>
public sealed record HookProgram(uint ProgramId, uint LinkId, HookFlags Flags);
