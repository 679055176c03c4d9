using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>An array of programs, for tail calls.</summary>
internal sealed class ProgramArrayMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition)
{
    private readonly Dictionary<uint, BpfMachineProgram> _programs = [];

    public override int Count => _programs.Count;

    public override IEnumerable<byte[]> Keys => _programs.Keys.Order().Select(BitConverter.GetBytes);

    /// <summary>The program at an index; null when there is none.</summary>
    public BpfMachineProgram? ProgramAt(uint index) => _programs.GetValueOrDefault(index);

    /// <summary>Puts a program at an index, or nothing.</summary>
    public void Set(uint index, BpfMachineProgram? program)
    {
        if (index >= MaxEntries) throw new ArgumentOutOfRangeException(nameof(index), index, $"Map '{Name}' has {MaxEntries} entries.");
        if (program is null) _programs.Remove(index);
        else _programs[index] = program;
    }

    internal override long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags) => Error.NotSupported;

    internal override long Drop(ReadOnlySpan<byte> key) => _programs.Remove(MemoryMarshal.Read<uint>(key)) ? 0 : Error.NoEntry;
}
