using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Tests.Links.Binaries;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Programs, libraries and archives that probes are put into, and the cache by which libraries are found.</summary>
internal static class BinarySeeds
{
    /// <summary>Libraries with symbols of both tables, versions and USDT probes, one without section headers, and small programs of both classes and byte orders.</summary>
    public static IReadOnlyList<Layout> Binaries { get; } =
    [
        ElfDescriber.Describe(Library()), ElfDescriber.Describe(DynamicLibrary()),
        .. from is64Bit in (bool[])[true, false] from isBigEndian in (bool[])[false, true] select ElfDescriber.Describe(new SmallBinary(is64Bit, isBigEndian).ToArray()),
    ];

    /// <summary>Archives with stored and packed entries.</summary>
    public static IReadOnlyList<Layout> Archives { get; } = [DescribeArchive(Archive())];

    /// <summary>The cache of glibc's dynamic loader, in its new form.</summary>
    public static IReadOnlyList<Layout> Caches { get; } = [DescribeCache(Cache())];

    private static byte[] Library()
    {
        var elf = new ElfSample();
        (string, ElfSymbolType, ElfSymbolBinding, int, ulong)[] symbols =
        [
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress), ("g", ElfSymbolType.Function, ElfSymbolBinding.Weak, elf.Text, ElfSample.TextAddress + 16),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress + 32), ("i", ElfSymbolType.IndirectFunction, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress + 48),
            ("table", ElfSymbolType.Object, ElfSymbolBinding.Global, elf.Text, ElfSample.DataAddress), ("elsewhere", ElfSymbolType.Function, ElfSymbolBinding.Global, 0, 0),
        ];
        elf.AddSymbols(ElfSectionType.DynamicSymbols, symbols);
        elf.AddSymbols(ElfSectionType.SymbolTable, symbols);
        elf.AddVersions(["V1", "V2"], 2, 2, 0x8003, 3, 2, 1);
        elf.Add(".note.stapsdt", ElfSectionType.Note, [.. Note("p", "first", "8@%rdi -4@table(%rip)"), .. Note("p", "second", "")]);
        elf.Add(".stapsdt.base", ElfSectionType.ProgramBits, [0], 0x402000, 0x1400);
        return elf.ToArray();
    }

    private static byte[] Note(string provider, string name, string arguments)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{provider}\0{name}\0{arguments}\0");
        byte[] note = new byte[20 + 24 + ((text.Length + 3) & ~3)];
        BinaryPrimitives.WriteInt32LittleEndian(note, 8);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), 24 + text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(8), 3);
        "stapsdt\0"u8.CopyTo(note.AsSpan(12));
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(20), ElfSample.TextAddress + 4);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(28), 0x402000);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(36), ElfSample.DataAddress);
        text.CopyTo(note.AsSpan(44));
        return note;
    }

    // A library as stripping may leave it: a program header for all of it, one for the dynamic table, and no section headers.
    private static byte[] DynamicLibrary()
    {
        const int Dynamic = 0x200, Symbols = 0x300, Strings = 0x400, Hash = 0x480, GnuHash = 0x500, Length = 0x600;
        const ulong Address = 0x400000;
        byte[] bytes = new byte[Length];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
        Write(16, (2, 3), (2, 62), (4, 1), (8, 0), (8, 64), (8, 0), (4, 0), (2, 64), (2, 56), (2, 2), (2, 0), (2, 0), (2, 0));
        Write(64, (4, 1), (4, 5), (8, 0), (8, Address), (8, Address), (8, Length), (8, Length), (8, 4096));
        Write(120, (4, 2), (4, 4), (8, Dynamic), (8, Address + Dynamic), (8, Address + Dynamic), (8, 128), (8, 128), (8, 8));
        (ulong Tag, ulong Value)[] table =
        [
            (5, Address + Strings), (10, 32), (6, Address + Symbols), (11, 24), (4, Address + Hash), (0x6ffffef5, Address + GnuHash), (14, 5), (0, 0),
        ];
        for (int i = 0; i < table.Length; i++) Write(Dynamic + (i * 16), (8, table[i].Tag), (8, table[i].Value));
        Write(Symbols + 24, (4, 1), (1, 0x12), (1, 0), (2, 7), (8, Address + 0x180), (8, 16));
        Write(Symbols + 48, (4, 3), (1, 0x12), (1, 0), (2, 7), (8, Address + 0x190), (8, 16));
        "\0f\0g\0libx.so\0"u8.CopyTo(bytes.AsSpan(Strings));
        Write(Hash, (4, 1), (4, 3), (4, 2), (4, 0), (4, 0), (4, 1));
        // One bucket, the first symbol, one word of the filter; the hashes of "f" and "g", of which the last has bit 0 set.
        Write(GnuHash, (4, 1), (4, 1), (4, 1), (4, 6), (8, ulong.MaxValue), (4, 1), (4, 0x2b60a), (4, 0x2b60d));
        return bytes;

        void Write(int at, params (int Size, ulong Value)[] numbers)
        {
            foreach ((int size, ulong value) in numbers)
            {
                for (int i = 0; i < size; i++) bytes[at++] = (byte)(value >> (8 * i));
            }
        }
    }

    private static byte[] Archive()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, CompressionLevel level) in new[] { ("other", CompressionLevel.NoCompression), ("lib/x.so", CompressionLevel.NoCompression), ("lib/y.so", CompressionLevel.Optimal) })
            {
                ZipArchiveEntry entry = zip.CreateEntry(name, level);
                entry.LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = entry.Open();
                stream.Write(new byte[300]);
            }
        }

        return file.ToArray();
    }

    private static byte[] Cache()
    {
        (uint Flags, string Name, string Path)[] entries = [(0x0303, "libx.so.1", "/lib/libx.so.1"), (0x0a03, "libx.so.1", "/lib/aarch64/libx.so.1"), (0x0303, "liby.so", "/lib/liby.so")];
        byte[] strings = Encoding.UTF8.GetBytes(string.Concat(entries.Select(entry => entry.Name + '\0' + entry.Path + '\0')));
        byte[] cache = new byte[48 + (24 * entries.Length) + strings.Length];
        "glibc-ld.so.cache1.1"u8.CopyTo(cache);
        BinaryPrimitives.WriteInt32LittleEndian(cache.AsSpan(20), entries.Length);
        BinaryPrimitives.WriteInt32LittleEndian(cache.AsSpan(24), strings.Length);
        int text = 48 + (24 * entries.Length);
        for (int i = 0, at = 48; i < entries.Length; i++, at += 24)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(cache.AsSpan(at), entries[i].Flags);
            BinaryPrimitives.WriteInt32LittleEndian(cache.AsSpan(at + 4), text);
            BinaryPrimitives.WriteInt32LittleEndian(cache.AsSpan(at + 8), text + entries[i].Name.Length + 1);
            text += entries[i].Name.Length + entries[i].Path.Length + 2;
        }

        strings.CopyTo(cache, cache.Length - strings.Length);
        return cache;
    }

    private static Layout DescribeCache(byte[] cache)
    {
        var layout = new Layout(cache, isBigEndian: false);
        layout.AddPart(0, 48);
        layout.Add(20, 4, FieldKind.Count);
        layout.Add(24, 4, FieldKind.Length);
        for (int i = 0, at = 48; i < (int)layout.UInt32(20); i++, at += 24)
        {
            layout.BeginGroup();
            layout.AddPart(at, 24);
            layout.Add(at, 4, FieldKind.Kind);
            layout.Add(at + 4, 4, FieldKind.Name);
            layout.Add(at + 8, 4, FieldKind.Name);
            layout.Add(at + 16, 8, FieldKind.Value);
        }

        return layout;
    }

    // Every record begins with its signature; the numbers that matter stand at fixed places behind it.
    private static Layout DescribeArchive(byte[] zip)
    {
        var layout = new Layout(zip, isBigEndian: false);
        for (int at = 0; at + 4 <= zip.Length; at++)
        {
            (int size, int[] fields) = layout.UInt32(at) switch
            {
                0x04034b50 => (30, [4, 6, 8, 18, 22, 26, 28]),
                0x02014b50 => (46, [8, 10, 20, 24, 28, 30, 32, 42]),
                0x06054b50 => (22, (int[])[8, 10, 12, 16, 20]),
                _ => (0, []),
            };
            if (size == 0) continue;
            layout.BeginGroup();
            layout.AddPart(at, size);
            foreach (int field in fields) layout.Add(at + field, field is 18 or 20 or 22 or 24 or 42 or 12 or 16 ? 4 : 2, field is 42 or 16 ? FieldKind.Offset : FieldKind.Length);
        }

        return layout;
    }
}
