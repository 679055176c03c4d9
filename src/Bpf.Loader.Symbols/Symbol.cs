using System.Globalization;

namespace Bpf.Loader.Symbols;

/// <summary>What is at an address.</summary>
/// <param name="Name">The function, as its source calls it; the file in brackets when only that is known, and <c>[unknown]</c> when nothing is.</param>
/// <param name="Module">The path of the binary as its process has it, <c>[kernel]</c>, or a module of the kernel in brackets; empty when nothing is known.</param>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Offset">How far behind the beginning of the function the address is; of the file, when the function is not known.</param>
public readonly record struct Symbol(string Name, string Module, SymbolKind Kind, ulong Offset)
{
    /// <summary>The name of what nothing is known of.</summary>
    public const string UnknownName = "[unknown]";

    /// <summary>The name as the symbol table has it, mangled.</summary>
    public string RawName { get; init; } = Name;

    /// <summary>The number that the linker gave the binary, in hexadecimal; empty when it has none, or is none.</summary>
    public string BuildId { get; init; } = "";

    /// <summary>Why the function is not known; null when it is.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the function is known.</summary>
    public bool IsKnown => Problem is null;

    /// <summary>Whether it is the kernel's, a module's of it, or a BPF program.</summary>
    public bool IsKernel => Kind is SymbolKind.Kernel or SymbolKind.KernelModule or SymbolKind.BpfProgram;

    /// <summary>The symbol as <c>read+0x12 (/usr/lib/libc.so.6)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+0x{Offset:x}{(Module.Length == 0 ? "" : $" ({Module})")}");

    internal static Symbol Unknown(SymbolKind kind, string module, ulong offset, string problem, string name = UnknownName) => new(name, module, kind, offset) { Problem = problem };
}
