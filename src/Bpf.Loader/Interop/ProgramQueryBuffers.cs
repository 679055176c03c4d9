using System;

namespace Bpf.Loader.Interop;

/// <summary>Room for what BPF_PROG_QUERY lists; every span that is not empty must be as long as <see cref="ProgramIds"/>.</summary>
internal ref struct ProgramQueryBuffers
{
    public Span<uint> ProgramIds;

    /// <summary>cgroup (6.0).</summary>
    public Span<uint> ProgramAttachFlags;

    /// <summary>tcx and netkit (6.6).</summary>
    public Span<uint> LinkIds;

    /// <summary>tcx and netkit (6.6).</summary>
    public Span<uint> LinkAttachFlags;
}
