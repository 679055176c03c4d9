using System;
using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Queues, stacks and bloom filters: elements without a key.</summary>
internal sealed class QueueMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition)
{
    private readonly LinkedList<byte[]> _values = [];

    public override int Count => _values.Count;

    /// <summary>The values, in the order in which they would be taken.</summary>
    public IEnumerable<byte[]> Values => _values;

    private bool IsBloom => Type == BpfMapType.BloomFilter;

    // queue_stack_map_push_elem of kernel/bpf/queue_stack_maps.c, bloom_map_push_elem of bloom_filter.c.
    public long Push(ReadOnlySpan<byte> value, ulong flags)
    {
        if (flags is not (0 or 2) || (IsBloom && flags != 0)) return Error.Invalid;
        if (IsBloom)
        {
            if (!Contains(value)) _values.AddLast(value.ToArray());
            return 0;
        }

        if ((uint)_values.Count >= MaxEntries)
        {
            if (flags != 2) return Error.TooBig;
            if (Type == BpfMapType.Stack) _values.RemoveLast();
            else _values.RemoveFirst();
        }

        if (Type == BpfMapType.Stack) _values.AddFirst(value.ToArray());
        else _values.AddLast(value.ToArray());
        return 0;
    }

    public override void Clear() => _values.Clear();

    public long Pop(Span<byte> value)
    {
        long error = Peek(value);
        if (error == 0) _values.RemoveFirst();
        return error;
    }

    /// <summary>The next value; of a bloom filter, whether the value is in it.</summary>
    public long Peek(Span<byte> value)
    {
        if (IsBloom) return Contains(value) ? 0 : Error.NoEntry;
        if (_values.First is not { } first)
        {
            value.Clear();
            return Error.NoEntry;
        }

        first.Value.CopyTo(value);
        return 0;
    }

    internal override long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags) => Push(value, flags);

    internal override long Drop(ReadOnlySpan<byte> key) => Error.Invalid;

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value) => Peek(value) == 0;

    private bool Contains(ReadOnlySpan<byte> value)
    {
        foreach (byte[] candidate in _values)
        {
            if (value.SequenceEqual(candidate)) return true;
        }

        return false;
    }
}
