using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;
using Xunit;

namespace Bpf.Loader.Tests.Links.Binaries;

public sealed class ZipArchiveIndexTests
{
    [Fact]
    public void A_function_of_a_stored_library_is_found_at_its_place_in_the_archive()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.DynamicSymbols, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress));
        byte[] library = elf.ToArray();
        using var file = new TemporaryFile(Archive(("other", [1, 2, 3], CompressionLevel.NoCompression), ("lib/x.so", library, CompressionLevel.NoCompression)));
        using BinaryImage image = BinaryImage.Open(file.Path + "!/lib/x.so");
        Assert.Equal(file.Path, image.Path);
        Assert.Equal(library, File.ReadAllBytes(file.Path).AsSpan((int)image.Start, library.Length).ToArray());
        Assert.Equal((ulong)image.Start + ElfSample.TextOffset, BinarySymbols.FindFunction(image, "f"));
    }

    [Fact]
    public void The_library_that_is_mapped_at_an_offset_is_found()
    {
        var zip = new MemoryBytes(Archive(("x.so", new byte[500], CompressionLevel.NoCompression), ("lib/x.so", new byte[500], CompressionLevel.NoCompression)));
        (long first, _) = ZipArchiveIndex.FindStored(zip, "a.apk", "x.so");
        (long second, _) = ZipArchiveIndex.FindStored(zip, "a.apk", "lib/x.so");
        Assert.Equal("x.so", ZipArchiveIndex.FindMapped(zip, "a.apk", "x.so", (ulong)first + 9));
        Assert.Equal("lib/x.so", ZipArchiveIndex.FindMapped(zip, "a.apk", "x.so", (ulong)second));
        Assert.Null(ZipArchiveIndex.FindMapped(zip, "a.apk", "x.so", (ulong)second + 500));
        Assert.Null(ZipArchiveIndex.FindMapped(zip, "a.apk", "y.so", (ulong)second));
        Assert.Null(ZipArchiveIndex.FindMapped(new MemoryBytes(new byte[100]), "a.apk", "x.so", 0));
    }

    [Fact]
    public void Compressed_and_missing_entries_are_named()
    {
        byte[] zip = Archive(("lib/x.so", new byte[5000], CompressionLevel.Optimal), ("lib/y.so", [1], CompressionLevel.NoCompression));
        var compressed = Assert.Throws<BpfAttachException>(() => ZipArchiveIndex.FindStored(new MemoryBytes(zip), "a.apk", "lib/x.so"));
        Assert.Equal(BpfDiagnosticId.BadBinary, compressed.Id);
        Assert.Contains("compressed", compressed.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<BpfAttachException>(() => ZipArchiveIndex.FindStored(new MemoryBytes(zip), "a.apk", "lib/z.so"));
        Assert.Equal(BpfDiagnosticId.NoSuchBinary, missing.Id);
        Assert.Contains("lib/y.so", missing.CloseNames);
    }

    [Fact]
    public void Every_truncation_and_change_is_refused_or_read_within_the_archive()
    {
        byte[] zip = Archive(("lib/x.so", Enumerable.Range(0, 50).Select(i => (byte)i).ToArray(), CompressionLevel.NoCompression));
        for (int length = 0; length < zip.Length; length++)
            Assert.Throws<BpfAttachException>(() => ZipArchiveIndex.FindStored(new MemoryBytes(zip.AsMemory(0, length)), "a", "lib/x.so"));

        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = (byte[])zip.Clone();
            for (int n = random.Next(1, 4); n > 0; n--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                (long start, long size) = ZipArchiveIndex.FindStored(new MemoryBytes(changed), "a", "lib/x.so");
                Assert.True(start >= 0 && size >= 0 && start + size <= changed.Length);
            }
            catch (BpfAttachException error)
            {
                Assert.True(error.Id is BpfDiagnosticId.BadBinary or BpfDiagnosticId.NoSuchBinary);
            }
        }
    }

    private static byte[] Archive(params (string Name, byte[] Content, CompressionLevel Level)[] entries)
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach ((string name, byte[] content, CompressionLevel level) in entries)
            {
                using Stream stream = zip.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }
}
