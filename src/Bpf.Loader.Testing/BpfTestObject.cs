using System;
using System.Collections.Generic;

namespace Bpf.Loader.Testing;

/// <summary>An object that a test loaded into the machine or the kernel.</summary>
public abstract class BpfTestObject : IDisposable
{
    private protected BpfTestObject()
    {
    }

    /// <summary>The object in the machine, for what only that can; null on the kernel.</summary>
    public virtual BpfMachineObject? InMachine => null;

    /// <summary>The object in the kernel, for what only that can; null in the machine.</summary>
    public virtual BpfObject? InKernel => null;

    /// <summary>A program by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public abstract BpfTestProgram Program(string name);

    /// <summary>A map with its keys and values as C# structs.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="ArgumentException">Keys or values have another size.</exception>
    public abstract BpfTestMap<TKey, TValue> Map<TKey, TValue>(string name)
        where TKey : unmanaged
        where TValue : unmanaged;

    /// <summary>What programs sent by a ring buffer, or by a perf buffer, of which this must be called before it is written to.</summary>
    /// <exception cref="KeyNotFoundException">There is no map of that name.</exception>
    public abstract BpfTestRing<T> Ring<T>(string name)
        where T : unmanaged;

    /// <summary>The value of a global variable.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public abstract T GetGlobal<T>(string name)
        where T : unmanaged;

    /// <summary>Sets a global variable; constants are set in the object's file, before it is loaded.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public abstract void SetGlobal<T>(string name, T value)
        where T : unmanaged;

    /// <summary>The variables of a section, in place, as the struct that a generated class has for it, such as that of <c>.bss</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such section.</exception>
    public abstract ref T Section<T>(string name)
        where T : unmanaged;

    /// <summary>Unloads it.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool disposing)
    {
    }
}
