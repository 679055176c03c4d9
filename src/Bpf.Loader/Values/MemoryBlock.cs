using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader;

/// <summary>
/// Bytes of a file with their byte order: the one place where ELF and BTF readers turn bytes into numbers.
/// Reads outside of the block throw <see cref="ArgumentOutOfRangeException"/>; callers check first and name the section.
/// </summary>
/// <remarks>
/// A number is read without a span of the whole: of a mapping that takes a virtual call each time, and the kernel's types are read
/// in millions of numbers.
/// </remarks>
internal readonly unsafe struct MemoryBlock
{
    private readonly object? _owner; // an array of bytes, or a memory manager
    private readonly nint _start;    // in the owner; of fixed memory the address
    private readonly bool _isFixed;

    public MemoryBlock(ReadOnlyMemory<byte> memory, bool isBigEndian)
    {
        Length = memory.Length;
        IsBigEndian = isBigEndian;
        if (MemoryMarshal.TryGetMemoryManager(memory, out MemoryManager<byte>? manager, out int start, out _))
        {
            _owner = manager;
            _isFixed = manager is FixedMemory;
            _start = manager is FixedMemory mapped ? mapped.Start + start : start;
        }
        else if (MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment))
        {
            _owner = segment.Array;
            _start = segment.Offset;
        }
    }

    private MemoryBlock(in MemoryBlock whole, int offset, int count)
    {
        if (!whole.Contains(offset, count)) throw Outside(offset, count, whole.Length);
        this = whole;
        _start += offset;
        Length = count;
    }

    public int Length { get; }

    public bool IsBigEndian { get; }

    public ReadOnlySpan<byte> Span => Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref At(0, Length), Length);

    /// <summary>True when <paramref name="count"/> bytes at <paramref name="offset"/> lie in the block.</summary>
    public bool Contains(long offset, long count) => (ulong)offset <= (ulong)Length && (ulong)count <= (ulong)(Length - offset);

    public MemoryBlock Slice(int offset, int count) => new(this, offset, count);

    public ReadOnlyMemory<byte> Memory => _owner switch
    {
        null => default,
        byte[] array => new ReadOnlyMemory<byte>(array, (int)_start, Length),
        FixedMemory mapped => mapped.Memory.Slice((int)(_start - mapped.Start), Length),
        _ => ((MemoryManager<byte>)_owner).Memory.Slice((int)_start, Length),
    };

    public byte this[int offset] => At(offset, 1);

    public ushort UInt16(int offset)
    {
        ushort value = Unsafe.ReadUnaligned<ushort>(ref At(offset, sizeof(ushort)));
        return IsBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    public uint UInt32(int offset)
    {
        uint value = Unsafe.ReadUnaligned<uint>(ref At(offset, sizeof(uint)));
        return IsBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    public int Int32(int offset) => (int)UInt32(offset);

    public ulong UInt64(int offset)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref At(offset, sizeof(ulong)));
        return IsBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    public ushort UInt16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public ulong UInt64(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    /// <summary>The first of some bytes, all of which are in the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte At(int offset, int count)
    {
        if ((uint)offset > (uint)Length || (uint)count > (uint)(Length - offset)) throw Outside(offset, count, Length);
        if (_isFixed) return ref *(byte*)(_start + offset);
        return ref _owner is byte[] array
            ? ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), _start + offset)
            : ref ((MemoryManager<byte>)_owner!).GetSpan()[(int)_start + offset];
    }

    private static ArgumentOutOfRangeException Outside(int offset, int count, int length) =>
        new(nameof(offset), $"{count} bytes at {offset} are not inside of {length}.");
}
