using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Btf;

/// <summary>
/// The section <c>.BTF.ext</c> of an object: which functions and source lines its instructions are of, and what CO-RE
/// relocations they need. Read in place; names and texts are in the strings of the object's BTF.
/// </summary>
public sealed class BtfExtReader
{
    // magic, version, flags, header length, and offset and length of the two tables that have always been there.
    private const int MinimumHeader = 24;
    private const int HeaderWithCoRe = 32;

    private BtfExtReader(MemoryBlock raw, int headerLength)
    {
        Block = raw;
        Functions = Table<BtfFuncInfo>(raw, headerLength, 8);
        Lines = Table<BtfLineInfo>(raw, headerLength, 16);
        if (headerLength >= HeaderWithCoRe) CoReRecords = Table<BtfCoReRecord>(raw, headerLength, 24);
    }

    /// <summary>The bytes of the section.</summary>
    public ReadOnlyMemory<byte> Raw => Block.Memory;

    /// <summary>True when the numbers are big-endian.</summary>
    public bool IsBigEndian => Block.IsBigEndian;

    /// <summary>The functions.</summary>
    public BtfExtTable<BtfFuncInfo> Functions { get; }

    /// <summary>The source lines.</summary>
    public BtfExtTable<BtfLineInfo> Lines { get; }

    /// <summary>The CO-RE relocations.</summary>
    public BtfExtTable<BtfCoReRecord> CoReRecords { get; }

    private MemoryBlock Block { get; }

    /// <summary>Reads the section <c>.BTF.ext</c>.</summary>
    /// <param name="raw">The bytes; they must not change while the reader is used.</param>
    /// <exception cref="BpfFormatException">The section is malformed.</exception>
    public static BtfExtReader Read(ReadOnlyMemory<byte> raw)
    {
        ReadOnlySpan<byte> span = raw.Span;
        if (span.Length < 8) throw Bad($"{span.Length} bytes are shorter than any header", 0);
        ushort magic = BinaryPrimitives.ReadUInt16LittleEndian(span);
        bool isBigEndian = magic == BinaryPrimitives.ReverseEndianness(BtfReader.Magic);
        if (magic != BtfReader.Magic && !isBigEndian) throw Bad($"it begins with 0x{magic:x4} instead of 0xeb9f", 0);
        if (span[2] != 1) throw Bad($"version {span[2]} is not known; version 1 is", 2);
        if (span[3] != 0) throw Bad($"flags 0x{span[3]:x} are not known", 3);

        var block = new MemoryBlock(raw, isBigEndian);
        uint headerLength = block.UInt32(4);
        if (headerLength < MinimumHeader || headerLength > (uint)span.Length)
            throw Bad($"the header length {headerLength} does not fit: there are {span.Length} bytes, and {MinimumHeader} are the least", 4);
        if (headerLength == (uint)span.Length) throw Bad("nothing follows the header", 4);
        return new BtfExtReader(block, (int)headerLength);
    }

    /// <summary>Finds the source line of an instruction: the last record at or before it.</summary>
    /// <param name="btf">The BTF of the object.</param>
    /// <param name="section">The name of the ELF section, UTF-8.</param>
    /// <param name="instructionOffset">The offset of the instruction in the section, in bytes.</param>
    /// <param name="line">The record.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="BpfFormatException">The name of a section lies outside of the strings.</exception>
    public bool TryFindLine(BtfReader btf, ReadOnlySpan<byte> section, uint instructionOffset, out BtfLineInfo line)
    {
        line = default;
        if (!Lines.TryFind(btf, section, out BtfExtSection<BtfLineInfo> lines)) return false;

        // Compilers sort the records, but nothing says that they must.
        bool found = false;
        foreach (BtfLineInfo candidate in lines)
        {
            if (candidate.InstructionOffset > instructionOffset || (found && candidate.InstructionOffset < line.InstructionOffset)) continue;
            line = candidate;
            found = true;
        }

        return found;
    }

    private static BtfExtTable<T> Table<T>(MemoryBlock raw, int headerLength, int field) where T : struct, IBtfExtRecord<T>
    {
        uint offset = raw.UInt32(field), length = raw.UInt32(field + 4);
        if (length == 0) return default;
        if ((offset & 3) != 0) throw Bad($"a table begins at offset 0x{offset:x}, which is not a multiple of 4", field);
        if ((ulong)headerLength + offset + length > (ulong)raw.Length)
            throw Bad($"a table (0x{length:x} bytes at 0x{offset:x} behind the header) goes beyond the end of the section", field);
        return BtfExtTable<T>.Read(raw, headerLength + (int)offset, (int)length);
    }

    private static BpfFormatException Bad(string what, int offset) =>
        new($"The section is malformed: {what}.", ".BTF.ext", offset, BpfDiagnosticId.BadBtfExt);
}
