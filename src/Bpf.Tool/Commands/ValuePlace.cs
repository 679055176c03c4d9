using System;

namespace Bpf.Tool.Commands;

/// <summary>The bytes of a part of a value. The types of an object say where it is, and what they say need not be true.</summary>
internal static class ValuePlace
{
    /// <summary>The first bytes, as many as a type has.</summary>
    /// <exception cref="FormatException">There are fewer.</exception>
    public static Span<byte> First(Span<byte> target, ulong size) => Slice(target, 0, size);

    /// <summary>The bytes from a place on.</summary>
    /// <exception cref="FormatException">The place is beyond the end.</exception>
    public static Span<byte> From(Span<byte> target, ulong offset) => Slice(target, offset, (ulong)target.Length - Math.Min(offset, (ulong)target.Length));

    /// <summary>The bytes of an element of an array.</summary>
    /// <exception cref="FormatException">There are fewer.</exception>
    public static Span<byte> Slice(Span<byte> target, ulong offset, ulong size)
    {
        if (offset > (ulong)target.Length || size > (ulong)target.Length - offset)
            throw new FormatException($"its type has {offset + size} bytes or more, and there is room for {target.Length}: the types of the object are not those of its data.");
        return target.Slice((int)offset, (int)size);
    }
}
