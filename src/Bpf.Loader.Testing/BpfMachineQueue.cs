using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing;

/// <summary>A queue, stack or bloom filter, with its values as C# structs.</summary>
public sealed class BpfMachineQueue<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly QueueMap _map;

    internal BpfMachineQueue(BpfMachineMap map)
    {
        _map = map as QueueMap ?? throw new ArgumentException($"Map '{map.Name}' ({map.Type}) is neither queue nor stack nor bloom filter.");
        if (map.ValueSize != Unsafe.SizeOf<T>()) throw new ArgumentException($"The values of map '{map.Name}' have {map.ValueSize} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
    }

    /// <summary>How many values there are.</summary>
    public int Count => _map.Count;

    /// <summary>Adds a value.</summary>
    /// <returns>False when it is full.</returns>
    public bool TryPush(T value) => _map.Push(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)), 0) == 0;

    /// <summary>Takes the next value.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryPop(out T value)
    {
        value = default;
        return _map.Pop(MemoryMarshal.AsBytes(new Span<T>(ref value))) == 0;
    }

    /// <summary>Finds the next value and leaves it in.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryPeek(out T value)
    {
        value = default;
        return _map.Peek(MemoryMarshal.AsBytes(new Span<T>(ref value))) == 0;
    }

    /// <summary>Takes all values out.</summary>
    public void Clear() => _map.Clear();

    /// <summary>The values, in the order in which they would be taken.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        foreach (byte[] value in _map.Values) yield return MemoryMarshal.Read<T>(value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
