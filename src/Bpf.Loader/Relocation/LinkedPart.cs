using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>A function's place in a linked program.</summary>
/// <param name="Start">The index of its first instruction in the program.</param>
/// <param name="Function">The function.</param>
internal readonly record struct LinkedPart(int Start, BpfFunction Function);
