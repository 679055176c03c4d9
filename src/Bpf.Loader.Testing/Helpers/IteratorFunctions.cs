using System;
using System.Numerics;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions that programs go through numbers (Linux 6.4) and bits (6.11) with.</summary>
internal static class IteratorFunctions
{
    // BITS_ITER_NR_WORDS_MAX of kernel/bpf/helpers.c.
    private const uint MaximumWords = 511;

    // BPF_MAX_LOOPS.
    private const long MaximumNumbers = 8 * 1024 * 1024;

    // struct bpf_iter_bits_kern: a word or a pointer to words, the number of bits, and the bit that it is at.
    private const int BitsSize = 16, CurrentBit = 12;

    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_iter_num_new"] = NewNumbers;
        functions["bpf_iter_num_next"] = NextNumber;
        functions["bpf_iter_bits_new"] = NewBits;
        functions["bpf_iter_bits_next"] = NextBit;
        foreach (string kind in (string[])["num", "bits"]) functions[$"bpf_iter_{kind}_destroy"] = static _ => 0;
    }

    // struct bpf_iter_num_kern: the number before the first, and the end.
    private static ulong NewNumbers(BpfCall call)
    {
        int start = (int)call[2], end = (int)call[3];
        call.Write(1, sizeof(ulong)).Clear();
        if (start > end) return unchecked((ulong)Error.Invalid);
        if ((long)end - start > MaximumNumbers) return unchecked((ulong)Error.TooBig);
        call.Write(1, ((ulong)(uint)end << 32) | (uint)(start - 1));
        return 0;
    }

    private static ulong NextNumber(BpfCall call)
    {
        ulong state = call.Read<ulong>(1);
        int current = (int)(uint)state, end = (int)(state >> 32);
        bool isOver = (long)current + 1 >= end;
        call.Write(1, isOver ? 0 : (state & 0xffff_ffff_0000_0000) | (uint)(current + 1));
        return isOver ? 0 : call[1];
    }

    private static ulong NewBits(BpfCall call)
    {
        uint words = (uint)call[3];
        call.Write(1, BitsSize).Clear();
        if (call[2] == 0 || words == 0) return unchecked((ulong)Error.Invalid);
        if (words > MaximumWords) return unchecked((ulong)Error.TooBig);
        byte[] bits = new byte[words * sizeof(ulong)];
        if (!call.Executor.TryPeek(call[2], bits)) return unchecked((ulong)Error.Fault);
        Span<byte> iterator = call.Write(1, BitsSize);
        MemoryMarshal.Write(iterator, words == 1 ? MemoryMarshal.Read<ulong>(bits) : call.Machine.Kernel.NewBytes(bits));
        MemoryMarshal.Write(iterator[sizeof(ulong)..], (int)words * 64);
        MemoryMarshal.Write(iterator[CurrentBit..], -1);
        return 0;
    }

    private static ulong NextBit(BpfCall call)
    {
        Span<byte> iterator = call.Write(1, BitsSize);
        int count = MemoryMarshal.Read<int>(iterator[sizeof(ulong)..]), bit = MemoryMarshal.Read<int>(iterator[CurrentBit..]) + 1;
        ulong first = MemoryMarshal.Read<ulong>(iterator);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        // Numbers that the program put there itself end it as well.
        for (; bit >= 0 && bit < count; bit = (bit | 63) + 1)
        {
            ulong word = first;
            if (count > 64)
            {
                if (!call.Executor.TryPeek(first + ((ulong)(bit / 64) * sizeof(ulong)), bytes)) break;
                word = MemoryMarshal.Read<ulong>(bytes);
            }

            word >>= bit % 64;
            if (word == 0) continue;
            MemoryMarshal.Write(iterator[CurrentBit..], bit + BitOperations.TrailingZeroCount(word));
            return call[1] + CurrentBit;
        }

        // At its end it stays there.
        MemoryMarshal.Write(iterator[sizeof(ulong)..], 0);
        return 0;
    }
}
