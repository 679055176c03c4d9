using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics.Verifier;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader;

/// <summary>
/// A program as a kernel would be given it, made without that kernel: CO-RE is carried out and everything that the program calls is
/// behind it; only the descriptors of maps are 0.
/// </summary>
/// <remarks>
/// Programs that are large together, as thousands that call one large function, are not all held in memory: one is relocated when
/// it is looked at, and may be again later.
/// </remarks>
public sealed class BpfRelocatedProgram
{
    private readonly RelocatedContents? _kept;
    private readonly Func<RelocatedContents>? _make;
    private readonly WeakReference<RelocatedContents>? _last;

    internal BpfRelocatedProgram(BpfProgramDefinition definition, RelocatedContents contents)
    {
        Definition = definition;
        _kept = contents;
    }

    /// <summary>A program that is made when it is looked at, and again when it was let go of in between.</summary>
    internal BpfRelocatedProgram(BpfProgramDefinition definition, Func<RelocatedContents> make)
    {
        Definition = definition;
        _make = make;
        _last = new WeakReference<RelocatedContents>(null!);
    }

    /// <summary>The program.</summary>
    public BpfProgramDefinition Definition { get; }

    /// <summary>The instructions; empty when the program failed.</summary>
    public ReadOnlyMemory<BpfInstruction> Instructions => Contents.Instructions;

    /// <summary>What each CO-RE relocation came to.</summary>
    public IReadOnlyList<AppliedCoRe> CoRe => Contents.CoRe;

    /// <summary>The functions that the program consists of, in their order; the first is the program itself.</summary>
    public IReadOnlyList<BpfRelocatedFunction> Functions => Contents.Functions;

    /// <summary>
    /// The instructions that refer to maps, variables, jump tables and what the kernel has, in ascending order: what their numbers
    /// stand for.
    /// </summary>
    public IReadOnlyList<BpfReference> References => Contents.References;

    /// <summary>Why the program cannot be relocated; null when it can.</summary>
    public BpfLoaderException? Failure => Contents.Failure;

    /// <summary>
    /// What the target lacks, with its line of C: a warning where the verifier would come to the access and refuse the program, an
    /// information where the program asks before.
    /// </summary>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public IReadOnlyList<BpfFinding> Diagnostics
    {
        get
        {
            RelocatedContents contents = Contents;
            return contents.Failure is not null ? [] : [.. new PoisonedCode(contents.Instructions, contents.CoRe).Describe(Definition.Name).Distinct()];
        }
    }

    private RelocatedContents Contents
    {
        get
        {
            if (_kept is not null) return _kept;
            if (!_last!.TryGetTarget(out RelocatedContents? contents)) _last.SetTarget(contents = _make!());
            return contents;
        }
    }

    /// <summary>Names what an instruction refers to, for <see cref="BpfDisassembler"/>: maps, variables, functions.</summary>
    public string? NameReference(int index, BpfInstruction instruction) => Contents.Names.GetValueOrDefault(index);

    /// <summary>Explains what a verifier, of any kernel since 5.10, said of this program.</summary>
    /// <param name="log">The verifier's log.</param>
    /// <param name="errno">What the kernel answered, where that is known: a log that was cut off may not say why.</param>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public BpfFinding Explain(string log, Errno errno = Errno.None)
    {
        ArgumentNullException.ThrowIfNull(log);
        return VerifierExplainer.Explain(Contents.Verified ?? VerifiedProgram.Unknown with { Name = Definition.Name }, log, errno);
    }

    /// <summary>Finds the line of C that the code from an instruction on was made from.</summary>
    /// <returns>False when no line begins at that instruction, or the object does not say.</returns>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public bool TryFindLine(int instruction, out BpfLocation line)
    {
        line = default;
        RelocatedContents contents = Contents;
        if (contents.Btf is not BtfReader btf || !contents.Lines.TryGetValue(instruction, out BtfLineInfo info)) return false;
        line = new BpfLocation(Symbol: Definition.Name, SourceFile: info.GetFileName(btf), SourceLine: info.Line, SourceText: info.GetText(btf).Trim());
        return true;
    }
}
