using System;
using System.Buffers.Binary;

namespace Bpf.Loader;

/// <summary>
/// Bytes of a file with their byte order: the one place where ELF and BTF readers turn bytes into numbers.
/// Reads outside of the block throw <see cref="ArgumentOutOfRangeException"/>; callers check first and name the section.
/// </summary>
internal readonly struct MemoryBlock(ReadOnlyMemory<byte> memory, bool isBigEndian)
{
    public ReadOnlyMemory<byte> Memory { get; } = memory;

    public bool IsBigEndian { get; } = isBigEndian;

    public int Length => Memory.Length;

    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>True when <paramref name="count"/> bytes at <paramref name="offset"/> lie in the block.</summary>
    public bool Contains(long offset, long count) => (ulong)offset <= (ulong)Length && (ulong)count <= (ulong)(Length - offset);

    public MemoryBlock Slice(int offset, int count) => new(Memory.Slice(offset, count), IsBigEndian);

    public ushort UInt16(int offset) => UInt16(Span[offset..]);

    public uint UInt32(int offset) => UInt32(Span[offset..]);

    public int Int32(int offset) => (int)UInt32(offset);

    public ulong UInt64(int offset) => UInt64(Span[offset..]);

    public ushort UInt16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public ulong UInt64(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
