using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Links.Binaries;

/// <summary>How an ELF file writes numbers: their byte order, and whether its addresses have 32 or 64 bits.</summary>
/// <param name="Is64Bit">ELFCLASS64.</param>
/// <param name="IsBigEndian">ELFDATA2MSB.</param>
internal readonly record struct ElfForm(bool Is64Bit, bool IsBigEndian)
{
    /// <summary>The bytes of an address.</summary>
    public int WordSize => Is64Bit ? sizeof(ulong) : sizeof(uint);

    public ushort UInt16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public ulong UInt64(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    /// <summary>An address, an offset or a size.</summary>
    public ulong Word(ReadOnlySpan<byte> bytes) => Is64Bit ? UInt64(bytes) : UInt32(bytes);
}
