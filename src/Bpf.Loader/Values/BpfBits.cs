using System;

namespace Bpf.Loader;

/// <summary>Bit-fields of C, in the bytes of their struct, as clang lays them out for this machine's byte order.</summary>
public static class BpfBits
{
    /// <summary>Reads an unsigned bit-field.</summary>
    /// <param name="bytes">The struct.</param>
    /// <param name="offset">Where the field begins, in bits, as BTF counts them: from the low bit on little-endian machines.</param>
    /// <param name="width">Its width, 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width, or the field is not inside the struct.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, int offset, int width)
    {
        Check(bytes.Length, offset, width);
        ulong value = 0;
        for (int done = 0; done < width;)
        {
            Part(offset + done, width - done, out int index, out int shift, out int count);
            ulong part = ((ulong)bytes[index] >> shift) & ((1UL << count) - 1);
            value = BitConverter.IsLittleEndian ? value | (part << done) : (value << count) | part;
            done += count;
        }

        return value;
    }

    /// <summary>Reads a signed bit-field: its highest bit is the sign.</summary>
    /// <inheritdoc cref="Read"/>
    public static long ReadSigned(ReadOnlySpan<byte> bytes, int offset, int width)
    {
        ulong value = Read(bytes, offset, width);
        return (long)(value << (64 - width)) >> (64 - width);
    }

    /// <summary>Writes a bit-field and leaves the bits around it. Of the value the low bits count.</summary>
    /// <param name="bytes">The struct.</param>
    /// <param name="offset">Where the field begins, in bits.</param>
    /// <param name="width">Its width, 1 to 64.</param>
    /// <param name="value">The value.</param>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static void Write(Span<byte> bytes, int offset, int width, ulong value)
    {
        Check(bytes.Length, offset, width);
        for (int done = 0; done < width;)
        {
            Part(offset + done, width - done, out int index, out int shift, out int count);
            ulong part = BitConverter.IsLittleEndian ? value >> done : value >> (width - done - count);
            int mask = ((1 << count) - 1) << shift;
            bytes[index] = (byte)((bytes[index] & ~mask) | (((int)part << shift) & mask));
            done += count;
        }
    }

    /// <summary>The part of a field that one byte has: big-endian machines count the bits of a byte from the high one.</summary>
    private static void Part(int bit, int left, out int index, out int shift, out int count)
    {
        index = bit / 8;
        int inByte = bit % 8;
        count = Math.Min(8 - inByte, left);
        shift = BitConverter.IsLittleEndian ? inByte : 8 - inByte - count;
    }

    private static void Check(int length, int offset, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, (length * 8L) - width);
    }
}
