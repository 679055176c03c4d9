using System;
using System.IO;
using Bpf.Loader;

namespace Bpf.Tool.Debugging;

/// <summary>A place to stop at: a line, an instruction, or the beginning of a function.</summary>
internal sealed record Breakpoint(int Number, string Text)
{
    /// <summary>The instruction; -1 for none.</summary>
    public int Instruction { get; init; } = -1;

    /// <summary>The line; 0 for none.</summary>
    public int Line { get; init; }

    /// <summary>The file of the line; null for any.</summary>
    public string? File { get; init; }

    /// <summary>True when an instruction is in the line.</summary>
    public bool IsIn(BpfLocation location) => Line > 0 && location.SourceLine == Line && (File is null
        || location.SourceFile is { } name && (name == File || Path.GetFileName(name) == Path.GetFileName(File) && name.EndsWith(File, StringComparison.Ordinal)));
}
