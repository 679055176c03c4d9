using System;

namespace Bpf.Loader.Symbols;

/// <summary>How addresses become names.</summary>
public sealed record SymbolizerOptions
{
    /// <summary>Whether names of C++ and Rust are decoded; else they are as the symbol tables have them.</summary>
    public bool Demangle { get; init; } = true;

    /// <summary>
    /// How many bytes of symbol tables and names are kept; beyond, those that were not used for the longest time are dropped, and read again
    /// when they are needed. That which is being used is kept whatever its size.
    /// </summary>
    public long MaxCacheBytes { get; init; } = 64 << 20;

    /// <summary>How many processes are remembered; beyond, the one that was not asked for the longest time is forgotten.</summary>
    public int MaxProcesses { get; init; } = 1024;

    /// <summary>How long what a process has mapped is taken to be as it was, unless an address is not in it.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether separate debug files are looked for, in <c>/usr/lib/debug</c> and beside the binaries, where a binary is stripped.</summary>
    public bool UseDebugFiles { get; init; } = true;
}
