using Bpf.Loader.Objects;

namespace Bpf.Tool.Commands;

/// <summary>A map, as it was created, or as the file defines it when it was not.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="ValueSize">The size of a value, which the kernel sets for struct_ops.</param>
/// <param name="MaxEntries">The number of entries, which follows from the number of CPUs for perf buffers.</param>
internal sealed record MapVerdict(BpfMapDefinition Definition, uint ValueSize, uint MaxEntries);
