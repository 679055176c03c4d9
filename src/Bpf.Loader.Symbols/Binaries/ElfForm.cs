using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>How the numbers of an ELF file are written.</summary>
/// <param name="Is64Bit">Whether addresses have 64 bits.</param>
/// <param name="IsBigEndian">Whether the first byte is the highest.</param>
internal readonly record struct ElfForm(bool Is64Bit, bool IsBigEndian)
{
    /// <summary>The size of an address.</summary>
    public int WordSize => Is64Bit ? 8 : 4;

    public ushort UInt16(ReadOnlySpan<byte> at) => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    public uint UInt32(ReadOnlySpan<byte> at) => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);

    public ulong UInt64(ReadOnlySpan<byte> at) => IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);

    public ulong Word(ReadOnlySpan<byte> at) => Is64Bit ? UInt64(at) : UInt32(at);
}
