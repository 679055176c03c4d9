using System;
using System.Buffers.Binary;

namespace Bpf.Tool.Kernels;

/// <summary>
/// A kernel as it is installed (<c>vmlinuz</c>): x86's bzImage, arm64's Image and EFI's zboot, compressed or not, and what is in it: an
/// ELF file, or the bare contents of memory. Modules are compressed as wholes (<c>.ko.xz</c>).
/// </summary>
internal static class KernelImage
{
    // Documentation/arch/x86/boot.rst: "HdrS", the sectors before the code, and where in the code the compressed kernel is (2.08).
    private const int SetupMagicAt = 0x202, SetupSectorsAt = 0x1f1, PayloadOffsetAt = 0x248, PayloadLengthAt = 0x24c, Sector = 512;
    private static ReadOnlySpan<byte> SetupMagic => "HdrS"u8;

    // drivers/firmware/efi/libstub/zboot-header.S: "MZ", 0, 0, "zimg", offset and size of the payload, and how it is compressed.
    private const int ZbootMagicAt = 4, ZbootOffsetAt = 8, ZbootSizeAt = 12;
    private static ReadOnlySpan<byte> ZbootMagic => "zimg"u8;

    // Documentation/arch/arm64/booting.rst: "ARM\x64".
    private const int Arm64MagicAt = 0x38;
    private static ReadOnlySpan<byte> Arm64Magic => "ARM\x64"u8;

    // BTF in memory: the magic, version 1, no flags, and a header of 24 bytes or, since Linux 6.19, 32.
    private const int BtfHeaderSize = 24;

    /// <summary>What an installed kernel or module holds that has types: an ELF file or raw BTF; other data as it is.</summary>
    /// <exception cref="KernelImageException">It is such a file, and cannot be read.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> file)
    {
        if (Compression.NameOf(file.Span) is not null) file = Compression.Expand(file);
        if (Payload(file) is { } payload) file = Compression.NameOf(payload.Span) is null ? payload : Compression.Expand(payload);
        return Has(file.Span, Arm64MagicAt, Arm64Magic) ? FindTypes(file) : file;
    }

    private static ReadOnlyMemory<byte>? Payload(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (Has(bytes, ZbootMagicAt, ZbootMagic)) return Slice(file, Word(bytes, ZbootOffsetAt), Word(bytes, ZbootSizeAt));
        if (!Has(bytes, SetupMagicAt, SetupMagic)) return null;

        // 0 means 4, for the oldest loaders.
        long sectors = bytes[SetupSectorsAt] == 0 ? 4 : bytes[SetupSectorsAt];
        return Slice(file, ((sectors + 1) * Sector) + Word(bytes, PayloadOffsetAt), Word(bytes, PayloadLengthAt));
    }

    // The image has no sections; the types are where their header says that it fits.
    private static ReadOnlyMemory<byte> FindTypes(ReadOnlyMemory<byte> image)
    {
        ReadOnlySpan<byte> bytes = image.Span;
        ReadOnlySpan<byte> begin = [0x9f, 0xeb, 1, 0];
        for (int at = 0; bytes[at..].IndexOf(begin) is >= 0 and int next; at += begin.Length)
        {
            at += next;
            if (SizeOfTypes(bytes[at..]) is > 0 and long size) return image.Slice(at, (int)size);
        }

        throw new KernelImageException("the kernel has no types (it was built without CONFIG_DEBUG_INFO_BTF)");
    }

    private static long SizeOfTypes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < BtfHeaderSize) return 0;
        long header = Word(bytes, 4), typesAt = Word(bytes, 8), typesLength = Word(bytes, 12), stringsAt = Word(bytes, 16), stringsLength = Word(bytes, 20);
        if (header is < BtfHeaderSize or > 256 || typesLength == 0 || stringsLength == 0) return 0;
        long end = header + Math.Max(typesAt + typesLength, stringsAt + stringsLength);
        return stringsAt >= typesAt + typesLength && end <= bytes.Length && bytes[(int)(header + stringsAt)] == 0 && bytes[(int)(end - 1)] == 0 ? end : 0;
    }

    private static bool Has(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> magic) => bytes.Length >= at + magic.Length && bytes.Slice(at, magic.Length).SequenceEqual(magic);

    private static uint Word(ReadOnlySpan<byte> bytes, int at) =>
        at + sizeof(uint) <= bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : throw CutOff();

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> file, long at, long length) =>
        at + length <= file.Length ? file.Slice((int)at, (int)length) : throw CutOff();

    private static KernelImageException CutOff() => new("the kernel image is cut off");
}
