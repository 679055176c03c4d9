using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Btf;

public sealed partial class BtfReader
{
    internal const ushort Magic = 0xeb9f;
    private const int MinimumHeader = 24;
    private const int HeaderWithLayout = 32;

    private BtfReader(ReadOnlyMemory<byte> raw, BtfHeader header, BtfReader? baseBtf)
    {
        Raw = raw;
        Base = baseBtf;
        FirstId = baseBtf?.TypeCount ?? 1;
        _firstString = baseBtf?.StringEnd ?? 0;
        Types = new MemoryBlock(raw.Slice(header.TypesAt, header.TypesLength), header.IsBigEndian);
        _strings = new MemoryBlock(raw.Slice(header.StringsAt, header.StringsLength), header.IsBigEndian);
        OwnLayoutBytes = raw.Slice(header.LayoutAt, header.LayoutLength);
        _offsets = IndexTypes(Types, new BtfLayout(LayoutBytes.Span));
    }

    /// <summary>Reads a BTF blob, as in the section <c>.BTF</c> or in <c>/sys/kernel/btf/vmlinux</c>.</summary>
    /// <param name="raw">The bytes; they must not change while the reader is used.</param>
    /// <param name="baseBtf">The BTF that this one goes on from, for split BTF.</param>
    /// <exception cref="BpfFormatException">The BTF is malformed.</exception>
    public static BtfReader Read(ReadOnlyMemory<byte> raw, BtfReader? baseBtf = null)
    {
        var reader = new BtfReader(raw, BtfHeader.Read(raw.Span, isSplit: baseBtf is not null), baseBtf);
        BtfValidator.Check(reader);
        return reader;
    }

    /// <summary>
    /// Reads BTF from a raw blob, or from the section <c>.BTF</c> of an ELF file. When the file brings a distilled base
    /// (<c>.BTF.base</c>), its types go on from that, or are moved onto the given base.
    /// </summary>
    /// <exception cref="BpfFormatException">The file is neither, or is malformed.</exception>
    public static BtfReader ReadRawOrElf(ReadOnlyMemory<byte> file, BtfReader? baseBtf = null)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(bytes) is Magic or 0x9feb) return Read(file, baseBtf);
        if (!bytes.StartsWith("\u007fELF"u8)) throw ForeignFile.Refuse(bytes, isTypes: true);
        ElfFile elf = ElfFile.Read(file);
        if (!elf.Sections.TryFind(".BTF"u8, out ElfSection section))
        {
            throw new BpfFormatException(
                $"The ELF file (for {ForeignMachine.Name(elf.Machine)}) has no section .BTF.", null, null, BpfDiagnosticId.BadBtfHeader,
                "Objects get one by clang -g, kernels by CONFIG_DEBUG_INFO_BTF, others by 'pahole -J' from their debug information; the running kernel's is /sys/kernel/btf/vmlinux.");
        }

        if (!elf.Sections.TryFind(".BTF.base"u8, out ElfSection distilled)) return Read(section.Data, baseBtf);

        // A module that was built apart from its kernel brings the part of the kernel's types that it needs.
        BtfReader own = Read(section.Data, Read(distilled.Data));
        return baseBtf is null ? own : BtfDistiller.Relocate(own, baseBtf);
    }

    /// <summary>Reads BTF that the kernel made: it is indexed, and its references are checked only when they are followed.</summary>
    internal static BtfReader ReadTrusted(ReadOnlyMemory<byte> raw, BtfReader? baseBtf = null) =>
        new(raw, BtfHeader.Read(raw.Span, isSplit: baseBtf is not null), baseBtf) { IsTrusted = true };

    private static int[] IndexTypes(MemoryBlock types, in BtfLayout layout)
    {
        ReadOnlySpan<byte> span = types.Span;
        bool swap = types.IsBigEndian == BitConverter.IsLittleEndian;

        // The kernel's types take 28 bytes on average; growing once too often costs more than a little slack.
        int[] offsets = new int[Math.Max(4, span.Length / 24)];
        int count = 0, at = 0;
        while (at <= span.Length - BtfType.HeaderSize)
        {
            uint info = MemoryMarshal.Read<uint>(span[(at + 4)..]);
            if (swap) info = BinaryPrimitives.ReverseEndianness(info);
            long next = at + BtfType.HeaderSize + BtfLayout.ExtraSize(layout, info);
            if (next < at + BtfType.HeaderSize) throw Bad($"Type [{count + 1}] has the unknown kind {(int)BtfType.KindOf(info)}: the BTF is damaged, or newer than this library.", at);
            if (next > span.Length) throw Bad($"Type [{count + 1}] ({BtfType.KindOf(info)}) with {BtfType.VariableLengthOf(info)} entries is cut off by the end of the section.", at);
            if (count == offsets.Length) Array.Resize(ref offsets, count * 2);
            offsets[count++] = at;
            at = (int)next;
        }

        if (at != span.Length) throw Bad($"Type [{count + 1}] is cut off by the end of the section.", at);
        Array.Resize(ref offsets, count);
        return offsets;
    }

    private static BpfFormatException Bad(string message, int offset) => new(message, ".BTF types", offset, BpfDiagnosticId.BadBtfType);

    /// <summary>Where types and strings are in a blob.</summary>
    private readonly record struct BtfHeader(bool IsBigEndian, int TypesAt, int TypesLength, int StringsAt, int StringsLength, int LayoutAt, int LayoutLength)
    {
        public static BtfHeader Read(ReadOnlySpan<byte> raw, bool isSplit)
        {
            if (raw.Length < MinimumHeader) throw Bad($"BTF of {raw.Length} bytes is shorter than its header of {MinimumHeader}.", 0);
            ushort magic = BinaryPrimitives.ReadUInt16LittleEndian(raw);
            if (magic != Magic && magic != BinaryPrimitives.ReverseEndianness(Magic)) throw Bad($"BTF begins with 0x{magic:x4} instead of 0xeb9f.", 0);
            bool big = magic != Magic;
            if (raw[2] != 1) throw Bad($"BTF version {raw[2]} is not known; version 1 is.", 2);

            uint headerLength = U32(raw[4..], big);
            if (headerLength < MinimumHeader || headerLength > (uint)raw.Length) throw Bad($"The header length {headerLength} does not fit in {raw.Length} bytes.", 4);
            uint types = U32(raw[8..], big), typesLength = U32(raw[12..], big), strings = U32(raw[16..], big), stringsLength = U32(raw[20..], big);
            ulong body = (ulong)raw.Length - headerLength;
            if ((types & 3) != 0) throw Bad($"The types begin at offset 0x{types:x}, which is not a multiple of 4.", 8);
            if ((ulong)types + typesLength > strings) throw Bad("The types overlap the strings.", 8);
            if ((ulong)strings + stringsLength > body) throw Bad($"The strings (0x{stringsLength:x} bytes at 0x{strings:x}) go beyond the end of the BTF: it is truncated.", 16);

            ReadOnlySpan<byte> text = raw.Slice((int)(headerLength + strings), (int)stringsLength);
            if (text.IsEmpty ? !isSplit : text[^1] != 0) throw new BpfFormatException("The strings do not end with a NUL byte.", ".BTF strings", stringsLength, BpfDiagnosticId.BadBtfStrings);
            if (!text.IsEmpty && !isSplit && text[0] != 0) throw new BpfFormatException("The strings do not begin with the empty string: this is split BTF, and needs the BTF that it was split from.", ".BTF strings", 0, BpfDiagnosticId.BadBtfStrings);
            uint layout = 0, layoutLength = 0;
            if (headerLength >= HeaderWithLayout && (layoutLength = U32(raw[28..], big)) != 0)
            {
                layout = U32(raw[24..], big);
                if (((layout | layoutLength) & 3) != 0) throw Bad($"The layout section (0x{layoutLength:x} bytes at 0x{layout:x}) is not aligned to 4 bytes.", 24);
                if (layout < (ulong)types + typesLength || (ulong)layout + layoutLength > strings)
                    throw Bad($"The layout section (0x{layoutLength:x} bytes at 0x{layout:x}) does not lie between types and strings.", 24);
            }

            return new BtfHeader(
                big, (int)(headerLength + types), (int)typesLength, (int)(headerLength + strings), (int)stringsLength,
                (int)(headerLength + layout), (int)layoutLength);
        }

        private static uint U32(ReadOnlySpan<byte> bytes, bool big) =>
            big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

        private static BpfFormatException Bad(string message, int offset) => new(message, ".BTF", offset, BpfDiagnosticId.BadBtfHeader);
    }
}
