using System;

namespace Bpf.Loader.Kernel;

/// <summary>
/// Remembers a million names in a megabyte: what it does not hold was never added, what it may hold is to be looked up (a Bloom filter).
/// </summary>
internal sealed class NameFilter
{
    // With half a million names one of a hundred others seems to be there; with a million, one of fifteen.
    private const int Bits = 1 << 23, Probes = 4;

    private readonly uint[] _words = new uint[Bits / 32];

    public void Add(ReadOnlySpan<byte> name)
    {
        (uint at, uint step) = Hash(name);
        for (int i = 0; i < Probes; i++, at += step)
            _words[at % Bits / 32] |= 1u << (int)(at % 32);
    }

    public bool MayHold(ReadOnlySpan<byte> name)
    {
        (uint at, uint step) = Hash(name);
        for (int i = 0; i < Probes; i++, at += step)
        {
            if ((_words[at % Bits / 32] & (1u << (int)(at % 32))) == 0) return false;
        }

        return true;
    }

    // FNV-1a of 64 bits, whose halves serve as two; a step that is odd visits every bit.
    private static (uint At, uint Step) Hash(ReadOnlySpan<byte> name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in name)
            hash = (hash ^ value) * 1099511628211;
        hash ^= hash >> 29;
        return ((uint)hash, (uint)(hash >> 32) | 1);
    }
}
