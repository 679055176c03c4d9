using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
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
    private readonly Dictionary<int, BtfLineInfo> _lines;
    private readonly BtfReader? _btf;

    internal BpfRelocatedProgram(BpfProgramDefinition definition, LinkedProgram linked, Dictionary<int, string> names, BtfReader? btf)
    {
        Definition = definition;
        Instructions = linked.Instructions;
        CoRe = linked.CoRe;
        Functions = [.. linked.Parts.Select(static part => new BpfRelocatedFunction(part.Start, part.Function.Name))];
        _names = names;
        _btf = btf;
        _lines = [];
        foreach (BtfLineInfo line in linked.LineInfo) _lines[(int)line.InstructionOffset] = line;
    }

    internal BpfRelocatedProgram(BpfProgramDefinition definition, BpfLoaderException failure)
    {
        Definition = definition;
        Failure = failure;
        CoRe = [];
        Functions = [];
        _names = [];
        _lines = [];
    }

    /// <summary>The program.</summary>
    public BpfProgramDefinition Definition { get; }

    /// <summary>The instructions; empty when the program failed.</summary>
    public ReadOnlyMemory<BpfInstruction> Instructions { get; }

    /// <summary>What each CO-RE relocation came to.</summary>
    public IReadOnlyList<AppliedCoRe> CoRe { get; }

    /// <summary>The functions that the program consists of, in their order; the first is the program itself.</summary>
    public IReadOnlyList<BpfRelocatedFunction> Functions { get; }

    /// <summary>Why the program cannot be relocated; null when it can.</summary>
    public BpfLoaderException? Failure { get; }

    /// <summary>Names what an instruction refers to, for <see cref="BpfDisassembler"/>: maps, variables, functions.</summary>
    public string? NameReference(int index, BpfInstruction instruction) => _names.GetValueOrDefault(index);

    /// <summary>Finds the line of C that the code from an instruction on was made from.</summary>
    /// <returns>False when no line begins at that instruction, or the object does not say.</returns>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public bool TryFindLine(int instruction, out BpfLocation line)
    {
        line = default;
        if (_btf is null || !_lines.TryGetValue(instruction, out BtfLineInfo info)) return false;
        line = new BpfLocation(Symbol: Definition.Name, SourceFile: info.GetFileName(_btf), SourceLine: info.Line, SourceText: info.GetText(_btf).Trim());
        return true;
    }
}
