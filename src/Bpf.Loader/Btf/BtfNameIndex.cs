using System;
using System.Numerics;

namespace Bpf.Loader.Btf;

/// <summary>
/// A hash table from essential names (without flavor) to types, without strings: chains of type numbers whose names are compared
/// in place. Types of equal name come out in the order of their numbers.
/// </summary>
internal sealed class BtfNameIndex
{
    private readonly BtfReader _btf;
    private readonly int[] _buckets; // number of the chain's first type - FirstId + 1; 0 is the end
    private readonly int[] _next;

    public BtfNameIndex(BtfReader btf)
    {
        _btf = btf;
        int count = btf.TypeCount - btf.FirstId;
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1))];
        _next = new int[count];

        // From the last type to the first, so that each chain is in ascending order.
        for (int i = count - 1; i >= 0; i--)
        {
            uint offset = btf[new BtfTypeId(btf.FirstId + i)].NameOffset;
            if (offset == 0) continue;
            ReadOnlySpan<byte> name = BtfReader.EssentialName(btf.GetStringUtf8(offset));
            if (name.IsEmpty) continue;
            ref int bucket = ref _buckets[BtfHash.Of(name) & (uint)(_buckets.Length - 1)];
            _next[i] = bucket;
            bucket = i + 1;
        }
    }

    /// <summary>The first type of a kind whose whole name is the given one.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, BtfKind kind, out BtfTypeId id)
    {
        for (Chain chain = Find(BtfReader.EssentialName(name)); chain.TryNext(out BtfType type);)
        {
            if (type.Kind != kind || !type.NameUtf8.SequenceEqual(name)) continue;
            id = type.Id;
            return true;
        }

        id = default;
        return false;
    }

    /// <summary>All types whose name without flavor is the given one.</summary>
    public Chain Find(ReadOnlySpan<byte> essentialName) =>
        new(this, essentialName, essentialName.IsEmpty ? 0 : _buckets[BtfHash.Of(essentialName) & (uint)(_buckets.Length - 1)]);

    /// <summary>Walks the types of one essential name.</summary>
    internal ref struct Chain(BtfNameIndex index, ReadOnlySpan<byte> name, int next)
    {
        private readonly ReadOnlySpan<byte> _name = name;
        private int _position = next;

        public bool TryNext(out BtfType type)
        {
            while (_position != 0)
            {
                type = index._btf[new BtfTypeId(index._btf.FirstId + _position - 1)];
                _position = index._next[_position - 1];
                if (BtfReader.EssentialName(type.NameUtf8).SequenceEqual(_name)) return true;
            }

            type = default;
            return false;
        }
    }
}
