using System;
using System.Numerics;

namespace Bpf.Loader.Btf;

/// <summary>
/// Type ids by hash; an id is added once. Where several candidates would do, the result depends on which is met first, so the
/// order is that of libbpf's table: the newest first, and all chains turn over when that table would grow.
/// </summary>
internal sealed class BtfTypeTable
{
    private readonly int[] _first;
    private readonly int[] _next;
    private readonly uint[] _hashes;
    private int _count;
    private long _capacity;

    public BtfTypeTable(int count)
    {
        _first = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count))];
        _next = new int[count];
        _hashes = new uint[count];
    }

    public void Add(uint hash, int id)
    {
        // libbpf's table begins with 4 buckets and is filled to three quarters.
        if ((_count + 1L) * 4 / 3 > _capacity)
        {
            _capacity = Math.Max(4, _capacity * 2);
            TurnOver();
        }

        _count++;
        ref int first = ref _first[hash & (uint)(_first.Length - 1)];
        _hashes[id] = hash;
        _next[id] = first;
        first = id;
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        Array.Clear(_first);
        _count = 0;
        _capacity = 0;
    }

    /// <summary>The first id with a hash; 0 when there is none.</summary>
    public int First(uint hash) => Skip(_first[hash & (uint)(_first.Length - 1)], hash);

    /// <summary>The next id with the same hash; 0 when there is none.</summary>
    public int Next(int id) => Skip(_next[id], _hashes[id]);

    private int Skip(int id, uint hash)
    {
        while (id != 0 && _hashes[id] != hash) id = _next[id];
        return id;
    }

    private void TurnOver()
    {
        foreach (ref int first in _first.AsSpan())
        {
            int id = first, previous = 0;
            while (id != 0) (_next[id], previous, id) = (previous, id, _next[id]);
            first = previous;
        }
    }
}
