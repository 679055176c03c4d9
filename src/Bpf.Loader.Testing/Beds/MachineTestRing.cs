using System.Collections.Generic;

namespace Bpf.Loader.Testing.Beds;

/// <summary>A ring in the machine.</summary>
internal sealed class MachineTestRing<T>(BpfMachineRing<T> ring) : BpfTestRing<T>
    where T : unmanaged
{
    private protected override IReadOnlyList<T> Records => ring;
}
