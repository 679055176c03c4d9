using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics.Verifier;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>What a <see cref="BpfRelocatedProgram"/> tells.</summary>
internal sealed class RelocatedContents
{
    private readonly Lazy<VerifiedProgram>? _verified;

    public RelocatedContents(LinkedProgram linked, Dictionary<int, string> names, IReadOnlyList<BpfReference> references, BpfObjectFile file)
    {
        Instructions = linked.Instructions;
        CoRe = linked.CoRe;
        Functions = [.. linked.Parts.Select(static part => new BpfRelocatedFunction(part.Start, part.Function.Name))];
        Names = names;
        References = references;
        Btf = file.Btf;
        _verified = new Lazy<VerifiedProgram>(() => RefusedProgram.Describe(file, linked));
        foreach (BtfLineInfo line in linked.LineInfo) Lines[(int)line.InstructionOffset] = line;
    }

    public RelocatedContents(BpfLoaderException failure)
    {
        Failure = failure;
        Names = [];
    }

    /// <summary>What explains a verifier's log of it; null when the program failed.</summary>
    public VerifiedProgram? Verified => _verified?.Value;

    public BpfInstruction[] Instructions { get; } = [];

    public IReadOnlyList<AppliedCoRe> CoRe { get; } = [];

    public IReadOnlyList<BpfRelocatedFunction> Functions { get; } = [];

    public IReadOnlyList<BpfReference> References { get; } = [];

    public BpfLoaderException? Failure { get; }

    /// <summary>The names of what instructions refer to, by instruction.</summary>
    public Dictionary<int, string> Names { get; }

    /// <summary>The lines of C, by the instruction that they begin at.</summary>
    public Dictionary<int, BtfLineInfo> Lines { get; } = [];

    public BtfReader? Btf { get; }
}
