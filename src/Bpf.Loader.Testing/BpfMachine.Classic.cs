using System;
using Bpf.Loader.Classic;

namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    /// <summary>Checks and translates a filter of classic BPF as the kernel does.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="use">What it decides about.</param>
    /// <exception cref="ArgumentException">The kernel would not take it: the message names the instruction.</exception>
    public BpfMachineFilter Load(ClassicFilter filter, ClassicFilterUse use = ClassicFilterUse.Socket)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new BpfMachineFilter(this, filter, use);
    }
}
