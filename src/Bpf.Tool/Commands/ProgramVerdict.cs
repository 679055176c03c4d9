using Bpf.Loader;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Commands;

/// <summary>What the kernel said to one program.</summary>
internal sealed class ProgramVerdict(BpfProgramDefinition definition)
{
    /// <summary>The program.</summary>
    public BpfProgramDefinition Definition { get; } = definition;

    /// <summary>What the kernel tells of the loaded program; null when it was not loaded.</summary>
    public BpfProgramInfo? Info { get; set; }

    /// <summary>Why it was refused; null when it was loaded, or never tried.</summary>
    public Failure? Failure { get; set; }
}
