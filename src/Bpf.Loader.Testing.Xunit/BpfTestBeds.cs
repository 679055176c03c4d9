using System;

namespace Bpf.Loader.Testing.Xunit;

/// <summary>Where a test runs.</summary>
[Flags]
public enum BpfTestBeds
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In the machine.</summary>
    Machine = 1,

    /// <summary>On the kernel.</summary>
    Kernel = 2,

    /// <summary>In both, one after the other.</summary>
    Both = Machine | Kernel,
}
