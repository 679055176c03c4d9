using System;
using System.Collections.Generic;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader;

/// <summary>
/// A program as a kernel would be given it, made without that kernel: CO-RE is carried out and everything that the program calls is
/// behind it; only the descriptors of maps are 0.
/// </summary>
public sealed class BpfRelocatedProgram
{
    private readonly Dictionary<int, string> _names;

    internal BpfRelocatedProgram(
        BpfProgramDefinition definition, BpfInstruction[] instructions, IReadOnlyList<AppliedCoRe> coRe, Dictionary<int, string> names)
    {
        Definition = definition;
        Instructions = instructions;
        CoRe = coRe;
        _names = names;
    }

    internal BpfRelocatedProgram(BpfProgramDefinition definition, Exception failure)
    {
        Definition = definition;
        Failure = failure;
        CoRe = [];
        _names = [];
    }

    /// <summary>The program.</summary>
    public BpfProgramDefinition Definition { get; }

    /// <summary>The instructions; empty when the program failed.</summary>
    public ReadOnlyMemory<BpfInstruction> Instructions { get; }

    /// <summary>What each CO-RE relocation came to.</summary>
    public IReadOnlyList<AppliedCoRe> CoRe { get; }

    /// <summary>
    /// Why the program cannot be relocated: a <see cref="CoReException"/>, <see cref="BpfFormatException"/> or
    /// <see cref="BpfException"/>; null when it can.
    /// </summary>
    public Exception? Failure { get; }

    /// <summary>Names what an instruction refers to, for <see cref="BpfDisassembler"/>: maps, variables, functions.</summary>
    public string? NameReference(int index, BpfInstruction instruction) => _names.GetValueOrDefault(index);
}
