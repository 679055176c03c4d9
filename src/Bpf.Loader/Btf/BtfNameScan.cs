using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Bpf.Loader.Btf;

/// <summary>
/// Finds the types of a few essential names in kernel BTF without an index: the strings are walked once for the offsets of the
/// names, the types once for those offsets. Of 126,000 types hardly one is looked at more closely.
/// </summary>
internal sealed class BtfNameScan
{
    /// <summary>With more names, the filters let too much through.</summary>
    public const int MaximumNames = 256;

    /// <summary>How many scans cost less than one index.</summary>
    public const int WorthwhileScans = 4;

    private const int OffsetBits = 1 << 16;

    private readonly BtfReader _btf;
    private readonly List<byte[]> _names;
    private readonly Dictionary<uint, int> _byHash = []; // of names, to the first name of that hash
    private readonly int[] _next;                        // to the next name of the same hash; -1 is the end
    private readonly ulong[] _beginnings = new ulong[(1 << 16) / 64]; // a bit for each two bytes that a name begins with
    private readonly ulong[] _offsetFilter = new ulong[OffsetBits / 64];
    private readonly Dictionary<uint, int> _byOffset = [];

    public BtfNameScan(BtfReader btf, List<byte[]> names)
    {
        _btf = btf;
        _names = names;
        _next = new int[names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            byte[] name = names[i];
            uint hash = BtfHash.Of(name);
            _next[i] = _byHash.TryGetValue(hash, out int first) ? first : -1;
            _byHash[hash] = i;
            AddBeginning(name[0], name.Length > 1 ? name[1] : (byte)0);

            // A name of one letter is followed by its end or by a flavor.
            if (name.Length == 1) AddBeginning(name[0], (byte)'_');
        }
    }

    /// <summary>The first type of a kind whose whole name is the given one.</summary>
    public static bool TryFind(BtfReader btf, ReadOnlySpan<byte> name, BtfKind kind, out BtfTypeId id)
    {
        id = default;
        if (name.IsEmpty) return false;
        List<BtfTypeId> found = [];
        new BtfNameScan(btf, [BtfReader.EssentialName(name).ToArray()]).Run([found]);
        foreach (BtfTypeId candidate in found)
        {
            if (btf[candidate].Kind != kind || !btf[candidate].NameUtf8.SequenceEqual(name)) continue;
            id = candidate;
            return true;
        }

        return false;
    }

    /// <summary>Adds to each name's list the types of that name, in ascending order.</summary>
    public void Run(List<List<BtfTypeId>> found)
    {
        FindOffsets(_btf.Strings.Span);
        if (_byOffset.Count == 0) return;
        MemoryBlock types = _btf.Types;
        ReadOnlySpan<byte> bytes = types.Span;
        ReadOnlySpan<int> offsets = _btf.TypeOffsets;
        for (int i = 0; i < offsets.Length; i++)
        {
            uint name = types.UInt32(bytes[offsets[i]..]);
            uint bit = FilterBit(name);
            if ((_offsetFilter[bit >> 6] & (1UL << (int)bit)) == 0 || !_byOffset.TryGetValue(name, out int index)) continue;
            found[index].Add(new BtfTypeId(_btf.FirstId + i));
        }
    }

    private void FindOffsets(ReadOnlySpan<byte> strings)
    {
        int start = 0, at = 0;
        for (; at <= strings.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            uint ends = Vector256.Equals(Vector256.Create(strings.Slice(at, Vector256<byte>.Count)), Vector256<byte>.Zero).ExtractMostSignificantBits();
            for (; ends != 0; ends &= ends - 1)
            {
                int end = at + BitOperations.TrailingZeroCount(ends);
                if (MayBegin(strings, start, end)) Check(strings, start, end);
                start = end + 1;
            }
        }

        for (; at < strings.Length; at++)
        {
            if (strings[at] != 0) continue;
            if (MayBegin(strings, start, at)) Check(strings, start, at);
            start = at + 1;
        }
    }

    private bool MayBegin(ReadOnlySpan<byte> strings, int start, int end)
    {
        if (end == start) return false;
        int beginning = strings[start] | (strings[start + 1] << 8);
        return (_beginnings[beginning >> 6] & (1UL << beginning)) != 0;
    }

    private void Check(ReadOnlySpan<byte> strings, int start, int end)
    {
        ReadOnlySpan<byte> name = BtfReader.EssentialName(strings[start..end]);
        if (!_byHash.TryGetValue(BtfHash.Of(name), out int index)) return;
        for (; index >= 0; index = _next[index])
        {
            if (!name.SequenceEqual(_names[index])) continue;
            _byOffset[(uint)start] = index;
            uint bit = FilterBit((uint)start);
            _offsetFilter[bit >> 6] |= 1UL << (int)bit;
        }
    }

    private void AddBeginning(byte first, byte second)
    {
        int beginning = first | (second << 8);
        _beginnings[beginning >> 6] |= 1UL << beginning;
    }

    private static uint FilterBit(uint offset) => (offset * 0x9e3779b1) >> 16;
}
