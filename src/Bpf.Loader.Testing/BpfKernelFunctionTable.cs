using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing;

/// <summary>The kernel functions of a machine, by name. A test may supply what is missing, and replace what is there.</summary>
public sealed class BpfKernelFunctionTable
{
    private readonly Dictionary<string, KernelFunctionSlot> _slots = [];
    private bool _isComplete;

    internal BpfKernelFunctionTable()
    {
    }

    /// <summary>A kernel function by its name, such as <c>bpf_task_acquire</c>; null when the machine has none.</summary>
    public BpfHelperBody? this[string name]
    {
        get => Find(name).Body;
        set
        {
            KernelFunctionSlot slot = Find(name);
            slot.Body = value;
            slot.IsSupplied = _isComplete;
        }
    }

    /// <summary>True when the machine has a kernel function.</summary>
    public bool Contains(string name) => Find(name).Body is not null;

    /// <summary>The names of those that the machine has.</summary>
    public IEnumerable<string> Names => _slots.Values.Where(static slot => slot.Body is not null).Select(static slot => slot.Name);

    /// <summary>Ends what the machine brings along: what is set from now on is the test's.</summary>
    internal void Complete() => _isComplete = true;

    internal KernelFunctionSlot Find(string name)
    {
        if (!_slots.TryGetValue(name, out KernelFunctionSlot? slot)) _slots[name] = slot = new KernelFunctionSlot(name);
        return slot;
    }
}
