using System;
using System.Collections.Generic;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Finds keys of one size, each of which has a slot; slots of removed keys are used again.</summary>
internal sealed class KeyIndex(int keySize)
{
    private readonly Stack<int> _free = [];
    private byte[] _keys = new byte[16 * keySize];
    private int[] _next = new int[16];
    private bool[] _used = new bool[16];
    private int[] _buckets = new int[32]; // slot + 1; 0 for none
    private int _slots;

    /// <summary>The number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>One more than the highest slot that was used.</summary>
    public int Slots => _slots;

    /// <summary>The keys, by their slots.</summary>
    public IEnumerable<byte[]> Keys
    {
        get
        {
            for (int slot = 0; slot < _slots; slot++)
            {
                if (_used[slot]) yield return KeyAt(slot).ToArray();
            }
        }
    }

    /// <summary>The key in a slot.</summary>
    public ReadOnlySpan<byte> KeyAt(int slot) => _keys.AsSpan(slot * keySize, keySize);

    /// <summary>The slot of a key; -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        for (int slot = _buckets[BucketOf(key)] - 1; slot >= 0; slot = _next[slot] - 1)
        {
            if (KeyAt(slot).SequenceEqual(key)) return slot;
        }

        return -1;
    }

    /// <summary>Adds a key that is not there.</summary>
    /// <returns>Its slot.</returns>
    public int Add(ReadOnlySpan<byte> key)
    {
        if (!_free.TryPop(out int slot))
        {
            if (_slots == _next.Length) Grow();
            slot = _slots++;
        }

        key.CopyTo(_keys.AsSpan(slot * keySize));
        _used[slot] = true;
        ref int bucket = ref _buckets[BucketOf(key)];
        _next[slot] = bucket;
        bucket = slot + 1;
        Count++;
        return slot;
    }

    /// <summary>Removes a key.</summary>
    /// <returns>The slot that it had; -1 when it was not there.</returns>
    public int Remove(ReadOnlySpan<byte> key)
    {
        ref int link = ref _buckets[BucketOf(key)];
        while (link != 0)
        {
            int slot = link - 1;
            if (KeyAt(slot).SequenceEqual(key))
            {
                link = _next[slot];
                _used[slot] = false;
                _free.Push(slot);
                Count--;
                return slot;
            }

            link = ref _next[slot];
        }

        return -1;
    }

    // Deterministic, so that what a test prints is the same each time.
    private int BucketOf(ReadOnlySpan<byte> key)
    {
        ulong hash = 0xcbf2_9ce4_8422_2325;
        foreach (byte value in key) hash = (hash ^ value) * 0x100_0000_01b3;
        return (int)((hash ^ (hash >> 29)) & (ulong)(_buckets.Length - 1));
    }

    private void Grow()
    {
        Array.Resize(ref _keys, _keys.Length * 2);
        Array.Resize(ref _next, _next.Length * 2);
        Array.Resize(ref _used, _used.Length * 2);
        _buckets = new int[_next.Length * 2];
        for (int slot = 0; slot < _slots; slot++)
        {
            if (!_used[slot]) continue;
            ref int bucket = ref _buckets[BucketOf(KeyAt(slot))];
            _next[slot] = bucket;
            bucket = slot + 1;
        }
    }
}
