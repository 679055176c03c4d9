using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>A timer in the value of a map.</summary>
internal sealed class MachineTimer(BpfMachineMap map, MachineCode code)
{
    /// <summary>The map.</summary>
    public BpfMachineMap Map { get; } = map;

    /// <summary>The program that made it.</summary>
    public MachineCode Code { get; } = code;

    /// <summary>The address of its callback; 0 for none.</summary>
    public ulong Callback { get; set; }

    /// <summary>When it runs, in nanoseconds; null when it is not started.</summary>
    public ulong? Due { get; set; }
}
