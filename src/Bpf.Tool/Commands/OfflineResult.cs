using System.Collections.Generic;
using System.Linq;
using Bpf.Loader;

namespace Bpf.Tool.Commands;

/// <summary>What became of one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Failure">Why nothing became of it; null when the programs have their own results.</param>
/// <param name="IsBigEndian">The byte order of the machine that the programs are for.</param>
/// <param name="Programs">The programs.</param>
internal sealed record OfflineResult(string Path, Failure? Failure, bool IsBigEndian, IReadOnlyList<BpfRelocatedProgram> Programs) : IFileResult
{
    /// <summary>What was found on reading the file.</summary>
    public IReadOnlyList<BpfFinding> Findings { get; init; } = [];

    /// <inheritdoc/>
    public bool IsGood => Failure is null && Programs.All(program => program.Failure is null);
}
