using System;
using System.Collections.Generic;
using System.Numerics;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>
/// Numbers that look random and are the same on every machine and with every version of .NET, so that an input is named by three
/// words: seed, target and number. (SplitMix64, by Vigna and Steele.)
/// </summary>
internal sealed class FuzzRandom
{
    private ulong _state;

    /// <summary>Begins the sequence of one input.</summary>
    public FuzzRandom(ulong seed, string target, long input)
    {
        _state = seed;
        foreach (char c in target) _state = Next64() ^ c;
        _state = Next64() ^ (ulong)input;
    }

    /// <summary>Any number.</summary>
    public ulong Next64()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, and without, a bound; 0 when the bound is none.</summary>
    public int Next(int bound) => bound <= 0 ? 0 : (int)Math.BigMul(Next64(), (ulong)bound, out _);

    /// <summary>A number from one up to, and without, another.</summary>
    public int Next(int from, int to) => from + Next(to - from);

    /// <summary>A number that is more often small: any count of bits is as likely as any other.</summary>
    public uint NextSkewed() => (uint)Next64() >> Next(32);

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => Next(times) == 0;

    /// <summary>One of a list.</summary>
    public T Pick<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    /// <summary>Bytes without order.</summary>
    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)Next64();
        return bytes;
    }

    /// <summary>A number that lies at the edge of something: a type, a file, or another number.</summary>
    public ulong NextExtreme(int length) => Next(12) switch
    {
        0 => 0,
        1 => 1,
        2 => ulong.MaxValue,
        3 => ulong.MaxValue - (ulong)Next(16),
        4 => 1ul << Next(64),
        5 => (1ul << Next(64)) - 1,
        6 => (ulong)length,
        7 => (ulong)(length - 1),
        8 => (ulong)length + (ulong)Next(16),
        9 => (ulong)length / 2,
        10 => (ulong)BitOperations.RotateLeft(0xff00u, Next(32)),
        _ => (ulong)Next(64),
    };
}
