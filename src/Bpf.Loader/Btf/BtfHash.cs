using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Btf;

/// <summary>The hash of names and records: fast, the same in every process, and not meant to withstand an attacker.</summary>
internal static class BtfHash
{
    private const ulong Factor = 0x9e3779b97f4a7c15;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length * Factor;
        while (bytes.Length >= 8)
        {
            hash = BitOperations.RotateLeft(hash ^ MemoryMarshal.Read<ulong>(bytes), 27) * Factor;
            bytes = bytes[8..];
        }

        ulong tail = 0;
        foreach (byte b in bytes) tail = (tail << 8) | b;
        return Finish(hash ^ tail);
    }

    /// <summary>Mixes another value into a hash.</summary>
    public static ulong Add(ulong hash, uint value) => BitOperations.RotateLeft(hash ^ value, 27) * Factor;

    public static uint Finish(ulong hash) => (uint)((hash * 0xff51afd7ed558ccd) >> 32);
}
