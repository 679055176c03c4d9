using System;
using System.Numerics;

namespace Bpf.Loader.Btf;

/// <summary>The strings of a BTF under construction: each is stored once, behind those of the base.</summary>
internal sealed class BtfStringTable
{
    private readonly BtfReader? _base;
    private readonly uint _first;
    private byte[] _bytes;
    private int _length;
    private uint[] _slots = []; // offset in _bytes + 1; 0 is free
    private int _used;
    private BtfStringTable? _baseTable;

    public BtfStringTable(BtfReader? baseBtf, ReadOnlySpan<byte> initial)
    {
        _base = baseBtf;
        _first = baseBtf?.StringEnd ?? 0;
        _bytes = initial.ToArray();
        _length = _bytes.Length;
        if (_first == 0 && _length == 0) Append([]);
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The offset of a string, which is added when it is not there yet.</summary>
    public uint Add(ReadOnlySpan<byte> text) => Add(text, out _);

    /// <summary>The offset of a string, and how many bytes it took to add it: 0 when it was there.</summary>
    public uint Add(ReadOnlySpan<byte> text, out int added)
    {
        added = 0;
        if (text.IndexOf((byte)0) >= 0) throw new ArgumentException("A name in BTF cannot contain a NUL character.", nameof(text));
        if (TryFind(text, out uint offset)) return offset;
        int at = Append(text);
        added = text.Length + 1;
        Insert(at, BtfHash.Of(text));
        return _first + (uint)at;
    }

    public bool TryFind(ReadOnlySpan<byte> text, out uint offset)
    {
        offset = 0;
        if (text.IsEmpty) return true;
        if (_base is not null)
        {
            _baseTable ??= new BtfStringTable(_base.Base, _base.Strings.Span);
            if (_baseTable.TryFind(text, out offset)) return true;
        }

        EnsureIndex();
        for (uint slot = BtfHash.Of(text); ; slot++)
        {
            uint entry = _slots[slot & (uint)(_slots.Length - 1)];
            if (entry == 0) return false;
            if (!At((int)entry - 1).SequenceEqual(text)) continue;
            offset = _first + entry - 1;
            return true;
        }
    }

    /// <summary>The string at an offset, which may be one of the base.</summary>
    public ReadOnlySpan<byte> Get(uint offset)
    {
        if (offset < _first) return _base!.GetStringUtf8(offset);
        uint at = offset - _first;
        if (at < (uint)_length) return At((int)at);
        if (offset == 0) return default;
        throw new ArgumentOutOfRangeException(nameof(offset), offset, "The offset lies outside of the strings.");
    }

    private ReadOnlySpan<byte> At(int at)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(at, _length - at);
        return rest[..rest.IndexOf((byte)0)];
    }

    private int Append(ReadOnlySpan<byte> text)
    {
        int at = _length, end = checked(at + text.Length + 1);
        if (end > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(256L, 2L * end), Array.MaxLength));
        text.CopyTo(_bytes.AsSpan(at));
        _bytes[end - 1] = 0;
        _length = end;
        return at;
    }

    private void EnsureIndex()
    {
        if (_slots.Length != 0) return;
        ReadOnlySpan<byte> all = Bytes;
        _slots = new uint[BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, all.Count((byte)0) * 2))];
        for (int at = 0; at < all.Length;)
        {
            ReadOnlySpan<byte> text = all[at..(at + all[at..].IndexOf((byte)0))];

            // What a compiler wrote twice keeps its first place.
            if (!text.IsEmpty && !Holds(text)) Insert(at, BtfHash.Of(text));
            at += text.Length + 1;
        }
    }

    private bool Holds(ReadOnlySpan<byte> text)
    {
        for (uint slot = BtfHash.Of(text); ; slot++)
        {
            uint entry = _slots[slot & (uint)(_slots.Length - 1)];
            if (entry == 0) return false;
            if (At((int)entry - 1).SequenceEqual(text)) return true;
        }
    }

    private void Insert(int at, uint hash)
    {
        if (++_used * 2 > _slots.Length) Grow();
        Place(at, hash);
    }

    private void Place(int at, uint hash)
    {
        uint mask = (uint)(_slots.Length - 1);
        while (_slots[hash & mask] != 0) hash++;
        _slots[hash & mask] = (uint)at + 1;
    }

    private void Grow()
    {
        uint[] old = _slots;
        _slots = new uint[old.Length * 2];
        foreach (uint entry in old)
        {
            if (entry != 0) Place((int)entry - 1, BtfHash.Of(At((int)entry - 1)));
        }
    }
}
