using System;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Testing;

/// <summary>The helpers of a machine. A test may supply what is missing, and replace what is there.</summary>
public sealed class BpfHelperTable
{
    private readonly BpfHelperBody?[] _bodies = new BpfHelperBody?[BpfHelper.Count];
    private readonly bool[] _isSupplied = new bool[BpfHelper.Count];
    private bool _isComplete;

    internal BpfHelperTable()
    {
    }

    /// <summary>A helper by its name, such as <c>bpf_get_prandom_u32</c>; null when the machine has none.</summary>
    /// <exception cref="ArgumentException">The kernel has no helper of that name.</exception>
    public BpfHelperBody? this[string name]
    {
        get => _bodies[NumberOf(name)];
        set
        {
            int number = NumberOf(name);
            _bodies[number] = value;
            _isSupplied[number] = _isComplete;
        }
    }

    /// <summary>True when the machine has a helper.</summary>
    /// <exception cref="ArgumentException">The kernel has no helper of that name.</exception>
    public bool Contains(string name) => this[name] is not null;

    /// <summary>Ends what the machine brings along: what is set from now on is the test's.</summary>
    internal void Complete() => _isComplete = true;

    /// <summary>True for a helper of the test's.</summary>
    internal bool IsSupplied(int number) => _isSupplied[number];

    internal BpfHelperBody? Find(int number) => (uint)number < (uint)_bodies.Length ? _bodies[number] : null;

    private static int NumberOf(string name) => BpfHelper.TryGetNumber(name, out int number)
        ? number
        : throw new ArgumentException($"The kernel has no helper called '{name}'; kernel functions are in {nameof(BpfMachine.KernelFunctions)}.", nameof(name));
}
