namespace Bpf.Loader;

/// <summary>A function of an executable or library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that tells functions of a name apart, such as <c>GLIBC_2.34</c>: it is probed as <c>NAME@VERSION</c>. Null when it has none.</param>
/// <param name="Offset">Where its first instruction is in the file, in bytes: what the kernel is told.</param>
/// <param name="Address">Where it is in memory; relative to the load address in libraries and position-independent programs.</param>
/// <param name="Size">Its bytes; 0 when unknown.</param>
/// <param name="IsExported">True when it is offered to other files; such names stay in stripped binaries.</param>
public readonly record struct BpfBinaryFunction(string Name, string? Version, ulong Offset, ulong Address, ulong Size, bool IsExported);
