using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>A structure of callbacks, whose programs a test runs by their names.</summary>
internal sealed class StructOpsMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition);
