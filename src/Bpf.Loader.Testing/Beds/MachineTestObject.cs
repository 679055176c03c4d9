using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Beds;

/// <summary>An object in the machine.</summary>
internal sealed class MachineTestObject(BpfMachineObject loaded) : BpfTestObject
{
    public override BpfMachineObject? InMachine => loaded;

    public override BpfTestProgram Program(string name) => new MachineTestProgram(loaded.Program(name));

    public override BpfTestMap<TKey, TValue> Map<TKey, TValue>(string name) => new MachineTestMap<TKey, TValue>(loaded.Map<TKey, TValue>(name));

    public override BpfTestRing<T> Ring<T>(string name) => new MachineTestRing<T>(loaded.Ring<T>(name));

    public override T GetGlobal<T>(string name) => loaded.Global<T>(name);

    public override void SetGlobal<T>(string name, T value) => loaded.Global<T>(name) = value;

    public override ref T Section<T>(string name)
    {
        if (loaded.Map(name) is not ArrayMap section) throw new KeyNotFoundException($"'{name}' is no section of variables.");
        Span<byte> bytes = section.At(0);
        if (bytes.Length < Unsafe.SizeOf<T>()) throw new ArgumentException($"The section {name} has {bytes.Length} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes));
    }
}
