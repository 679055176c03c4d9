using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing;

/// <summary>What programs sent by a ring or perf buffer and nobody took yet, in its order. Longer records are cut to the struct.</summary>
public sealed class BpfMachineRing<T> : IReadOnlyList<T>
    where T : unmanaged
{
    private readonly BpfMachineMap _map;
    private readonly IRecordBuffer _records;

    internal BpfMachineRing(BpfMachineMap map)
    {
        _map = map;
        _records = map as IRecordBuffer ?? throw new ArgumentException($"Map '{map.Name}' ({map.Type}) is neither a ring nor a perf buffer.");
    }

    /// <summary>How many records there are.</summary>
    public int Count => _records.Count;

    /// <summary>How many records found no room.</summary>
    public long Lost => _records.Lost;

    /// <summary>A record.</summary>
    /// <exception cref="ArgumentException">The record is shorter than <typeparamref name="T"/>.</exception>
    public T this[int index]
    {
        get
        {
            ReadOnlySpan<byte> record = GetBytes(index);
            return record.Length >= Unsafe.SizeOf<T>()
                ? MemoryMarshal.Read<T>(record)
                : throw new ArgumentException($"Record {index} of '{_map.Name}' has {record.Length} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
        }
    }

    /// <summary>The bytes of a record.</summary>
    public ReadOnlySpan<byte> GetBytes(int index) => _records.RecordAt(index);

    /// <summary>Takes the records out, which makes room for others.</summary>
    public void Consume() => _records.Consume();

    /// <summary>Lets a perf buffer hold so many bytes for each CPU, and lose what does not fit; a ring has the size of its map.</summary>
    /// <exception cref="InvalidOperationException">It is a ring.</exception>
    public void SetCapacity(int bytes)
    {
        if (_map is not PerfEventArrayMap perf) throw new InvalidOperationException($"Map '{_map.Name}' is a ring, whose size is that of the map.");
        perf.Capacity = bytes;
    }

    /// <summary>The records.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
