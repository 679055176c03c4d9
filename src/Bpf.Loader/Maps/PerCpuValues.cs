using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>Values of all CPUs as the kernel gives them: each rounded up to 8 bytes (<c>bpf_percpu_hash_copy()</c>).</summary>
internal static class PerCpuValues
{
    public static void Read<T>(ReadOnlySpan<byte> buffer, Span<T> values)
        where T : unmanaged
    {
        int stride = Stride<T>();
        for (int cpu = 0; cpu < values.Length; cpu++)
            values[cpu] = MemoryMarshal.Read<T>(buffer[(cpu * stride)..]);
    }

    public static void Write<T>(ReadOnlySpan<T> values, Span<byte> buffer)
        where T : unmanaged
    {
        int stride = Stride<T>();
        for (int cpu = 0; cpu < values.Length; cpu++)
        {
            Span<byte> place = buffer.Slice(cpu * stride, stride);
            place.Clear();
            MemoryMarshal.Write(place, in values[cpu]);
        }
    }

    private static int Stride<T>()
        where T : unmanaged => (Unsafe.SizeOf<T>() + 7) & ~7;
}
