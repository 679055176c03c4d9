using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>
/// A program with everything that it calls behind it, ready but for the descriptors of maps and module BTF.
/// </summary>
internal sealed class LinkedProgram
{
    /// <summary>The program.</summary>
    public required BpfProgramDefinition Definition { get; init; }

    /// <summary>The instructions; callees follow the program in the order of first use.</summary>
    public required BpfInstruction[] Instructions { get; init; }

    /// <summary>Which function stands where; the first is the program itself.</summary>
    public required IReadOnlyList<LinkedPart> Parts { get; init; }

    /// <summary>The instructions that refer to maps, externs and jump tables, in ascending order.</summary>
    public required IReadOnlyList<LinkedReference> References { get; init; }

    /// <summary>What each CO-RE relocation came to.</summary>
    public required IReadOnlyList<AppliedCoRe> CoRe { get; init; }

    /// <summary>The function at each part's start, with offsets in instructions; empty when the object has none.</summary>
    public required BtfFuncInfo[] FunctionInfo { get; set; }

    /// <summary>The source lines, with offsets in instructions; empty when the object has none.</summary>
    public required BtfLineInfo[] LineInfo { get; set; }
}
