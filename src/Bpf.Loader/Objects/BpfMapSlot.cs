namespace Bpf.Loader.Objects;

/// <summary>An initial value of a map of maps or of a program array.</summary>
/// <param name="Index">The key.</param>
/// <param name="Map">The map; null for a program array.</param>
/// <param name="Program">The program; null for a map of maps.</param>
public readonly record struct BpfMapSlot(uint Index, BpfMapDefinition? Map, BpfProgramDefinition? Program);
