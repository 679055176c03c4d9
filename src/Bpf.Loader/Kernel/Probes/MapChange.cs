namespace Bpf.Loader.Kernel.Probes;

/// <summary>What of the smallest map of a type is changed, to see whether the kernel takes it so.</summary>
/// <param name="Flags">Flags beyond those that the type must have.</param>
/// <param name="KeySize">Another size of keys; null for that of the smallest map.</param>
/// <param name="ValueSize">Another size of values; null for that of the smallest map.</param>
/// <param name="Extra">What is given as <c>map_extra</c>.</param>
internal readonly record struct MapChange(BpfMapFlags Flags, uint? KeySize = null, uint? ValueSize = null, ulong Extra = 0);
