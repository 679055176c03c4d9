namespace Bpf.Loader;

/// <summary>One of the places of a USDT probe.</summary>
/// <param name="Offset">Where it is in the file, in bytes.</param>
/// <param name="Address">Where it is in memory; relative to the load address in libraries and position-independent programs.</param>
/// <param name="SemaphoreOffset">Where in the file the counter is that the kernel raises while somebody listens; 0 for none.</param>
/// <param name="Arguments">Where its arguments are, in the assembler's words, such as <c>8@%rdi -4@-20(%rbp)</c>; empty for none.</param>
public readonly record struct BpfUsdtPlace(ulong Offset, ulong Address, ulong SemaphoreOffset, string Arguments);
