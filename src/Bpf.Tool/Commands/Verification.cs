using System.Collections.Generic;
using Bpf.Loader;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Commands;

/// <summary>What the kernel said to one file.</summary>
internal sealed class Verification(string path) : IFileResult
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Why the file is no sound object; null when it is.</summary>
    public Failure? OpenFailure { get; init; }

    /// <summary>Why it was not loaded, the first reason when there are several; null when it was.</summary>
    public Failure? LoadFailure { get; set; }

    /// <summary>The first failure of either kind.</summary>
    public Failure? Failure => OpenFailure ?? LoadFailure;

    /// <inheritdoc/>
    public bool IsGood => Failure is null;

    /// <summary>What was found on reading and loading it.</summary>
    public IReadOnlyList<BpfFinding> Findings { get; set; } = [];

    /// <summary>The maps.</summary>
    public List<MapVerdict> Maps { get; } = [];

    /// <summary>The programs.</summary>
    public List<ProgramVerdict> Programs { get; } = [];

    /// <summary>Adds a program.</summary>
    public ProgramVerdict Add(BpfProgramDefinition definition)
    {
        var verdict = new ProgramVerdict(definition);
        Programs.Add(verdict);
        return verdict;
    }
}
