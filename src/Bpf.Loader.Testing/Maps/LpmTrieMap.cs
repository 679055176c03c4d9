using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Longest prefix match: a key is 4 bytes of prefix length in bits, then the bits.</summary>
internal sealed class LpmTrieMap : BpfMachineMap
{
    private readonly KeyIndex _index;
    private readonly ElementStore _values;
    private readonly int[] _perLength;
    private readonly byte[] _masked;

    public LpmTrieMap(BpfMachine machine, BpfMapDefinition definition)
        : base(machine, definition)
    {
        _index = new KeyIndex(KeySize);
        _values = new ElementStore(Memory, this, ValueSize, isWritable: (definition.Flags & BpfMapFlags.ReadOnlyProgram) == 0);
        _perLength = new int[MaximumLength + 1];
        _masked = new byte[KeySize];
    }

    public override int Count => _index.Count;

    public override IEnumerable<byte[]> Keys => _index.Keys;

    private int MaximumLength => (KeySize - sizeof(uint)) * 8;

    internal override ulong Lookup(ReadOnlySpan<byte> key, int cpu)
    {
        int slot = Find(key);
        return slot < 0 ? 0 : _values.AddressOf(slot);
    }

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value)
    {
        int slot = Find(key);
        if (slot < 0) return false;
        _values[slot].CopyTo(value);
        return true;
    }

    // trie_update_elem of kernel/bpf/lpm_trie.c: a full trie has no space, where a full hash is too big.
    internal override long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        uint length = MemoryMarshal.Read<uint>(key);
        if (flags > 2 || length > MaximumLength) return Error.Invalid;
        Mask(key, (int)length);
        int slot = _index.Find(_masked);
        if (slot >= 0)
        {
            if (flags == 1) return Error.Exists;
        }
        else
        {
            if (flags == 2) return Error.NoEntry;
            if ((uint)_index.Count >= MaxEntries) return Error.NoSpace;
            slot = _index.Add(_masked);
            _perLength[length]++;
        }

        value.CopyTo(_values[slot]);
        return 0;
    }

    internal override long Drop(ReadOnlySpan<byte> key)
    {
        uint length = MemoryMarshal.Read<uint>(key);
        if (length > MaximumLength) return Error.Invalid;
        Mask(key, (int)length);
        if (_index.Remove(_masked) < 0) return Error.NoEntry;
        _perLength[length]--;
        return 0;
    }

    private int Find(ReadOnlySpan<byte> key)
    {
        uint given = MemoryMarshal.Read<uint>(key);
        if (given > MaximumLength) return -1;
        for (int length = (int)given; length >= 0; length--)
        {
            if (_perLength[length] == 0) continue;
            Mask(key, length);
            int slot = _index.Find(_masked);
            if (slot >= 0) return slot;
        }

        return -1;
    }

    private void Mask(ReadOnlySpan<byte> key, int length)
    {
        MemoryMarshal.Write(_masked, in length);
        Span<byte> bits = _masked.AsSpan(sizeof(uint));
        key[sizeof(uint)..].CopyTo(bits);
        int whole = length / 8, rest = length % 8;
        if (rest != 0) bits[whole++] &= (byte)(0xff << (8 - rest));
        bits[whole..].Clear();
    }
}
