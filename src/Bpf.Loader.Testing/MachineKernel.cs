using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>The kernel of a machine: objects by the names of their types, variables, symbols, and the configuration.</summary>
public sealed class MachineKernel
{
    private readonly BpfMachine _machine;
    private readonly Dictionary<string, KernelVariable> _variables = [];
    private readonly Dictionary<string, ulong> _symbols = [];

    internal MachineKernel(BpfMachine machine) => _machine = machine;

    /// <summary>
    /// The configuration, as <c>/proc/config.gz</c> would have it: <c>y</c>, <c>n</c>, <c>m</c>, numbers, and texts in quotes. What is
    /// missing is <c>n</c>, 0 or empty. Set before objects are loaded.
    /// </summary>
    public IDictionary<string, string> Config { get; } = new Dictionary<string, string> { ["CONFIG_HZ"] = "1000" };

    internal BtfReader Types => _machine.Types.Kernel;

    internal MachineMemory Memory => _machine.Memory;

    /// <summary>Makes an object: all of it is 0 but for what is set.</summary>
    /// <param name="type">The name of its type, such as <c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="set">Sets its members.</param>
    /// <exception cref="ArgumentException">The machine's kernel types have no such type.</exception>
    public KernelObject New(string type, Action<KernelObject>? set = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        BtfType found = FindType(type);
        uint size = Types.SizeOf(found.Id);
        KernelObject made = Create(found, type, (int)size);
        set?.Invoke(made);
        return made;
    }

    /// <summary>Makes an array of objects, one behind the other.</summary>
    /// <returns>The elements; the first has the address of the array.</returns>
    /// <exception cref="ArgumentException">The machine's kernel types have no such type.</exception>
    public KernelObject[] NewArray(string type, int count)
    {
        ArgumentNullException.ThrowIfNull(type);
        BtfType found = FindType(type);
        int size = (int)Types.SizeOf(found.Id);
        byte[] data = MachineMemory.Allocate(size * count);
        ulong address = Add(data, type);
        var made = new KernelObject[count];
        for (int i = 0; i < count; i++) made[i] = new KernelObject(this, found, type, data, i * size, address + (ulong)(i * size));
        return made;
    }

    /// <summary>Puts bytes into the kernel's memory.</summary>
    /// <returns>Their address.</returns>
    public ulong NewBytes(ReadOnlySpan<byte> bytes)
    {
        byte[] data = MachineMemory.Allocate(bytes.Length);
        bytes.CopyTo(data);
        return Add(data, "bytes");
    }

    /// <summary>Puts a text into the kernel's memory, as UTF-8 with a NUL.</summary>
    /// <returns>Its address.</returns>
    public ulong NewText(string text) => NewBytes(Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>Frees an object: what still points to it is a pointer into freed memory.</summary>
    public void Free(KernelObject freed)
    {
        ArgumentNullException.ThrowIfNull(freed);
        Memory.Free(MachineMemory.IndexOf(freed.Address));
    }

    /// <summary>
    /// A variable of the kernel, which programs reach by a typed <c>__ksym</c>; one for each CPU when it is a per-CPU variable. It is made
    /// when it is first asked for, by the test or by a program.
    /// </summary>
    /// <exception cref="ArgumentException">The machine's kernel types have no such variable.</exception>
    public KernelVariable Variable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_variables.TryGetValue(name, out KernelVariable? variable)) return variable;
        if (!Types.TryFind(name, BtfKind.Variable, out BtfTypeId id))
            throw new ArgumentException($"The machine's kernel types have no variable '{name}'.", nameof(name));
        return _variables[name] = Create(name, Types.StripModifiers(Types[id].TypeId));
    }

    /// <summary>Declares a variable that the kernel types do not have.</summary>
    /// <exception cref="ArgumentException">The machine's kernel types have no such type.</exception>
    public KernelVariable Variable(string name, string type)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _variables[name] = Create(name, FindType(type));
    }

    /// <summary>Says where a symbol without type is, for an untyped <c>__ksym</c>.</summary>
    public void SetSymbol(string name, ulong address) => _symbols[name] = address;

    internal bool TryFindSymbol(string name, out ulong address) => _symbols.TryGetValue(name, out address);

    internal KernelVariable? TryFindVariable(string name) =>
        _variables.ContainsKey(name) || Types.TryFind(name, BtfKind.Variable, out _) ? Variable(name) : null;

    internal KernelObject Create(BtfType type, string name, int size)
    {
        byte[] data = MachineMemory.Allocate(size);
        var made = new KernelObject(this, type, name, data, 0, 0);
        made.Address = Memory.AddressOf(Memory.Add(RegionKind.Kernel, data, 0, size, isWritable: false, made));
        return made;
    }

    private KernelVariable Create(string name, BtfType type)
    {
        var copies = new KernelObject[_machine.CpuCount];
        for (int cpu = 0; cpu < copies.Length; cpu++) copies[cpu] = Create(type, name, (int)Types.SizeOf(type.Id));
        return new KernelVariable(name, copies);
    }

    private ulong Add(byte[] data, string name) => Memory.AddressOf(Memory.Add(RegionKind.Kernel, data, 0, data.Length, isWritable: false, name));

    private BtfType FindType(string name)
    {
        string plain = name.StartsWith("struct ", StringComparison.Ordinal) ? name[7..] : name.StartsWith("union ", StringComparison.Ordinal) ? name[6..] : name;
        foreach (BtfKind kind in (ReadOnlySpan<BtfKind>)[BtfKind.Struct, BtfKind.Union, BtfKind.Typedef, BtfKind.Int, BtfKind.Enum])
        {
            if (Types.TryFind(plain, kind, out BtfTypeId id)) return Types.StripModifiers(id);
        }

        throw new ArgumentException($"The machine's kernel types have no type '{name}'; {nameof(KernelTypes)}.{nameof(KernelTypes.Open)} takes those of a whole kernel.", nameof(name));
    }
}
