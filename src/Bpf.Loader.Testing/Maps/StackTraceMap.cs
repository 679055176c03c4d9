using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Stack traces by a number that is made of them.</summary>
internal sealed class StackTraceMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition)
{
    private readonly SortedDictionary<uint, ulong[]> _traces = [];

    public override int Count => _traces.Count;

    public override IEnumerable<byte[]> Keys => _traces.Keys.Select(BitConverter.GetBytes);

    /// <summary>Keeps a trace.</summary>
    /// <returns>Its number, or an error.</returns>
    public long Add(ReadOnlySpan<ulong> trace, bool reuse)
    {
        if (trace.IsEmpty) return Error.Fault;
        int depth = Math.Min(trace.Length, ValueSize / sizeof(ulong));
        ulong hash = 0xcbf2_9ce4_8422_2325;
        foreach (ulong address in trace[..depth]) hash = (hash ^ address) * 0x100_0000_01b3;
        uint id = (uint)((hash >> 32) % Math.Max(MaxEntries, 1));
        if (_traces.TryGetValue(id, out ulong[]? known) && !trace[..depth].SequenceEqual(known) && !reuse) return Error.Exists;
        _traces[id] = trace[..depth].ToArray();
        return id;
    }

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value)
    {
        if (!_traces.TryGetValue(MemoryMarshal.Read<uint>(key), out ulong[]? trace)) return false;
        value.Clear();
        MemoryMarshal.AsBytes(trace.AsSpan()).CopyTo(value);
        return true;
    }

    internal override long Drop(ReadOnlySpan<byte> key) => _traces.Remove(MemoryMarshal.Read<uint>(key)) ? 0 : Error.NoEntry;
}
