using System.Collections.Generic;

namespace Bpf.Tool.Compilation;

/// <summary>What is to be compiled, and how.</summary>
internal sealed record CompileRequest
{
    /// <summary>The C source.</summary>
    public required string Source { get; init; }

    /// <summary>The object to write.</summary>
    public required string Output { get; init; }

    /// <summary>Where to write the files that the object was made of, a path a line; null for nowhere.</summary>
    public string? Dependencies { get; init; }

    /// <summary>A compile_commands.json to put the command into, for editors; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>The compiler; null to look for it.</summary>
    public string? Clang { get; init; }

    /// <summary>The machine, as <c>__TARGET_ARCH_*</c> names it.</summary>
    public required string Architecture { get; init; }

    /// <summary>The instruction set.</summary>
    public required string Cpu { get; init; }

    /// <summary>Folders of headers.</summary>
    public IReadOnlyList<string> IncludeDirectories { get; init; } = [];

    /// <summary>Whether <c>bpf/*.h</c> are libbpf's as they are installed, and not those that come with the tool.</summary>
    public bool UsesInstalledHeaders { get; init; }

    /// <summary>Macros, <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>What else clang is told.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The folder whose name shall not be in the object.</summary>
    public string? Root { get; init; }
}
