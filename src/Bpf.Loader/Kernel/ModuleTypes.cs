using System;
using System.IO;
using System.IO.Compression;
using Bpf.Loader.Elf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Reads the section <c>.BTF</c> of a module's file, and nothing else of it.</summary>
internal static class ModuleTypes
{
    private const int HeaderSize = 64, SectionSize = 64;
    private const int LargestTypes = 16 << 20, MostSections = 4096, LargestNames = 1 << 20, LargestModule = 64 << 20;

    /// <summary>What modules may be packed with that the types are read from all the same.</summary>
    public const string Gzip = ".gz";

    /// <summary>The types; null when the file has none, or is no module that can be read.</summary>
    public static byte[]? TryRead(string path)
    {
        try
        {
            using InputFile file = InputFile.Open(path);
            return path.EndsWith(Gzip, StringComparison.Ordinal) ? Unpack(file) is { } module ? Read(new MemoryBytes(module).Read) : null : Read(file.Read);
        }
        catch (Exception failure) when (failure is InputFileException or InvalidDataException)
        {
            return null;
        }
    }

    private static byte[]? Unpack(InputFile file)
    {
        byte[] packed = new byte[Math.Clamp(file.Length, 0, LargestModule)];
        int read = file.Read(0, packed);
        using var stream = new GZipStream(new MemoryStream(packed, 0, read), CompressionMode.Decompress);
        var module = new MemoryStream();
        byte[] piece = new byte[1 << 16];
        while (stream.Read(piece) is > 0 and int count)
        {
            if (module.Length + count > LargestModule) return null;
            module.Write(piece.AsSpan(0, count));
        }

        return module.ToArray();
    }

    private delegate int Reader(long offset, Span<byte> buffer);

    // The running kernel's modules are of its machine: 64-bit, and of its byte order.
    private static byte[]? Read(Reader read)
    {
        byte[] header = new byte[HeaderSize];
        if (read(0, header) < HeaderSize || !header.AsSpan().StartsWith("\u007fELF\u0002"u8) || header[5] != (BitConverter.IsLittleEndian ? 1 : 2)) return null;
        long table = (long)Word64(header, 40);
        int count = Word16(header, 60), names = Word16(header, 62);
        if (Word16(header, 58) != SectionSize || count > MostSections || names >= count || table <= 0) return null;

        byte[] sections = new byte[count * SectionSize];
        if (read(table, sections) < sections.Length || ReadSection(read, sections, names, LargestNames) is not { } text) return null;
        for (int i = 0; i < count; i++)
        {
            uint at = Word32(sections, i * SectionSize);
            if (at < text.Length && text.AsSpan((int)at).StartsWith(".BTF\0"u8)) return ReadSection(read, sections, i, LargestTypes);
        }

        return null;
    }

    private static byte[]? ReadSection(Reader read, byte[] sections, int index, int largest)
    {
        ulong offset = Word64(sections, (index * SectionSize) + 24), size = Word64(sections, (index * SectionSize) + 32);
        if (size > (ulong)largest || offset > long.MaxValue) return null;
        byte[] data = new byte[size];
        return read((long)offset, data) == data.Length ? data : null;
    }

    private static int Word16(byte[] bytes, int at) => BitConverter.ToUInt16(bytes, at);

    private static uint Word32(byte[] bytes, int at) => BitConverter.ToUInt32(bytes, at);

    private static ulong Word64(byte[] bytes, int at) => BitConverter.ToUInt64(bytes, at);
}
