namespace Bpf.Loader;

/// <summary>A function's place in a linked program.</summary>
/// <param name="Start">The index of its first instruction.</param>
/// <param name="Name">Its name.</param>
public readonly record struct BpfRelocatedFunction(int Start, string Name);
