namespace Bpf.Loader.Testing;

/// <summary>Some bytes of the machine's memory.</summary>
/// <param name="Address">Where they begin, as programs have it.</param>
/// <param name="Size">How many there are.</param>
public readonly record struct BpfMemoryRange(ulong Address, int Size);
