using System;

namespace Bpf.Loader.Kernel;

/// <summary>A line of /proc/kallsyms; the names are valid until the next line is read.</summary>
internal readonly ref struct KernelSymbol
{
    /// <summary>The address; 0 in every line where <c>kptr_restrict</c> hides them.</summary>
    public ulong Address { get; init; }

    /// <summary>The letter of its kind as <c>nm</c> has it: t function, d data, b bss, r read-only, capital when global.</summary>
    public byte Kind { get; init; }

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The module, without its brackets; empty for the kernel itself.</summary>
    public ReadOnlySpan<byte> Module { get; init; }
}
