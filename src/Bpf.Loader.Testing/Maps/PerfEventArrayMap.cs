using System;
using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>A perf buffer: what programs send on each CPU; and the values of counters, which the test sets.</summary>
internal sealed class PerfEventArrayMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition), IRecordBuffer
{
    private readonly List<(int Cpu, byte[] Data)> _records = [];

    public override int Count => _records.Count;

    /// <summary>A record that was sent and not taken yet.</summary>
    public ReadOnlySpan<byte> RecordAt(int index) => _records[index].Data;

    /// <summary>How many bytes the buffer of a CPU holds; null for any number.</summary>
    public int? Capacity { get; set; }

    /// <summary>How many records found no room.</summary>
    public long Lost { get; private set; }

    /// <summary>The counters, by index.</summary>
    public Dictionary<uint, ulong> Counters { get; } = [];

    public long Output(int cpu, ReadOnlySpan<byte> data)
    {
        if (Capacity is { } capacity)
        {
            long used = data.Length;
            foreach ((int each, byte[] record) in _records) used += each == cpu ? record.Length : 0;
            if (used > capacity)
            {
                Lost++;
                return Error.NoSpace;
            }
        }

        _records.Add((cpu, data.ToArray()));
        return 0;
    }

    public void Consume() => _records.Clear();
}
