using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;
using Xunit;

namespace Bpf.Loader.Tests.Links.Binaries;

[SupportedOSPlatform("linux")]
public sealed class BinaryImageTests
{
    private const int ProgramHeaders = 64, ProgramHeaderSize = 56, FlagsOffset = 4;

    [Fact]
    public void Program_headers_alone_say_where_code_is()
    {
        ElfSample elf = WithFunction(ElfSample.TextAddress + 0x20);
        byte[] image = elf.ToArray();
        int text = (int)BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(40)) + (elf.Text * 64);
        foreach (int field in (int[])[16, 24]) // sh_addr, sh_offset
        {
            byte[] shifted = (byte[])image.Clone();
            shifted[text + field + 1] ^= 0x10;
            Assert.Equal(ElfSample.TextOffset + 0x20, Find(shifted, "f"));
        }
    }

    [Theory]
    [InlineData(0x10UL, 5u, "no segment")]
    [InlineData(ElfSample.TextAddress + 0x800, 5u, "no segment")] // one byte behind
    [InlineData(ElfSample.DataAddress, 5u, "data")]
    [InlineData(ElfSample.TextAddress, 7u, "writable")]
    public void A_function_into_which_no_probe_can_go_is_refused(ulong address, uint flags, string reason)
    {
        byte[] image = WithFunction(address).ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(ProgramHeaders + FlagsOffset), flags);
        var error = Assert.Throws<BpfAttachException>(() => Find(image, "f"));
        Assert.Equal(BpfDiagnosticId.NotProbeable, error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_segments_that_overlap_the_later_one_counts()
    {
        byte[] image = WithFunction(ElfSample.TextAddress + 0x20).ToArray();
        // The second segment is mapped over the first, from elsewhere in the file.
        Span<byte> second = image.AsSpan(ProgramHeaders + ProgramHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(second[FlagsOffset..], 5);
        BinaryPrimitives.WriteUInt64LittleEndian(second[16..], ElfSample.TextAddress);
        Assert.Equal(ElfSample.DataOffset + 0x20, Find(image, "f"));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Both_classes_and_byte_orders_are_read(bool is64Bit, bool isBigEndian)
    {
        var image = new BinaryImage(new MemoryBytes(new SmallBinary(is64Bit, isBigEndian).ToArray()), "sample");
        Assert.Equal((is64Bit, isBigEndian), (image.Form.Is64Bit, image.Form.IsBigEndian));
        Assert.Equal(SmallBinary.FunctionOffset, BinarySymbols.FindFunction(image, "f"));
        Assert.Equal(new BpfBinaryFunction("f", null, SmallBinary.FunctionOffset, SmallBinary.FunctionAddress, 16, false), Assert.Single(BinaryFunctionList.Read(image)));
    }

    [Fact]
    public void Code_of_another_machine_is_refused_and_a_file_that_was_replaced_is_noticed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "is about what Linux runs");
        foreach (bool is64Bit in (bool[])[false, true])
        {
            var foreign = new BinaryImage(new MemoryBytes(new SmallBinary(is64Bit, isBigEndian: BitConverter.IsLittleEndian).ToArray()), "sample");
            var error = Assert.Throws<BpfAttachException>(() => ProbePlace.Check(foreign, []));
            Assert.Equal(BpfDiagnosticId.ForeignBinary, error.Id);
            Assert.Contains("endian", error.Message, StringComparison.Ordinal);
        }

        using var file = new TemporaryFile(new ElfSample().ToArray());
        using BinaryFile opened = BinaryFile.Open(file.Path);
        Assert.True(opened.IsInPlace);
        File.WriteAllBytes(file.Path + ".new", [1]);
        File.Move(file.Path + ".new", file.Path, overwrite: true);
        Assert.False(opened.IsInPlace);
    }

    [Fact]
    public void A_32_bit_binary_is_read_as_well()
    {
        var image = new BinaryImage(new MemoryBytes(new SmallBinary(is64Bit: false, isBigEndian: false).ToArray()), "sample");
        Assert.Equal(SmallBinary.FunctionOffset, BinarySymbols.FindFunction(image, "f"));
    }

    [Fact]
    public void Without_section_headers_the_dynamic_functions_of_libraries_are_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks at the libraries of this machine");
        string[] libraries = [.. ProcessMaps.Read(Environment.ProcessId).Where(m => m.IsExecutable && BinarySearch.IsLibrary(m.Path)).Select(m => m.Path).Distinct()];
        Assert.SkipWhen(libraries.Length == 0, "no library is mapped");
        foreach (string library in libraries)
        {
            byte[] whole = File.ReadAllBytes(library), bare = (byte[])whole.Clone();
            bare.AsSpan(40, 8).Clear();
            bare.AsSpan(60, 4).Clear();
            var image = new BinaryImage(new MemoryBytes(bare), library);
            Assert.Empty(image.Sections.All);
            List<BpfBinaryFunction> expected = [.. BinaryFunctionList.Read(new BinaryImage(new MemoryBytes(whole), library)).Where(function => function.IsExported)];
            Assert.Equal(expected, BinaryFunctionList.Read(image));
        }
    }

    [Fact]
    public void Only_what_is_stripped_is_called_so()
    {
        ElfSample elf = WithFunction(ElfSample.TextAddress);
        Assert.DoesNotContain("stripped", Refusal(elf.ToArray()).Message, StringComparison.Ordinal);

        byte[] beyond = elf.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(beyond.AsSpan(40), 1UL << 40);
        string message = Refusal(beyond).Message;
        Assert.Contains("section headers", message, StringComparison.Ordinal);
        Assert.DoesNotContain("stripped", message, StringComparison.Ordinal);

        var compressed = new ElfSample();
        compressed.Add(".gnu_debugdata", ElfSectionType.ProgramBits, [1]);
        message = Refusal(compressed.ToArray()).Message;
        Assert.Contains(".gnu_debugdata", message, StringComparison.Ordinal);
        Assert.DoesNotContain("stripped", message, StringComparison.Ordinal);
        Assert.Contains("stripped", Refusal(new ElfSample().ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_index_that_needs_an_extension_is_one()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.SymbolTable, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, 0xffff, ElfSample.TextAddress + 4)); // SHN_XINDEX
        Assert.Equal(ElfSample.TextOffset + 4, Find(elf.ToArray(), "f"));
    }

    [Fact]
    public void A_name_that_ends_others_is_found_where_they_share_their_bytes()
    {
        // ld merges "f" into the end of "prefix_of_f"; the needle also stands alone across a border of what is read at once.
        var elf = new ElfSample();
        var symbols = new List<(string, ElfSymbolType, ElfSymbolBinding, int, ulong)>();
        for (int i = 0; i < 6000; i++) symbols.Add(($"function_number_{i:d5}", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress + (ulong)(i % 0x700)));
        elf.AddSymbols(ElfSectionType.SymbolTable, [.. symbols]);
        BinaryImage image = elf.ToImage();
        for (int i = 0; i < 6000; i += 7) Assert.Equal(ElfSample.TextOffset + (ulong)(i % 0x700), BinarySymbols.FindFunction(image, $"function_number_{i:d5}"));
        Assert.Throws<BpfAttachException>(() => BinarySymbols.FindFunction(image, "number_00001"));
        Assert.Throws<BpfAttachException>(() => BinarySymbols.FindFunction(image, ""));
    }

    [Fact]
    public void Versions_are_gone_through_once()
    {
        const int Symbols = 20_000, Versions = 30_000;
        var elf = new ElfSample();
        elf.AddSymbols(
            ElfSectionType.DynamicSymbols,
            [.. Enumerable.Range(0, Symbols).Select(i => ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress + (ulong)(i % 0x700)))]);
        elf.AddVersions(
            [.. Enumerable.Range(0, Versions).Select(i => $"V{i}")],
            [.. Enumerable.Range(0, Symbols).Select(i => (ushort)(0x8000 | (Versions + 1 - i)))]);
        var bytes = new CountedBytes(elf.ToArray());
        Assert.Equal(ElfSample.TextOffset + 5, BinarySymbols.FindFunction(new BinaryImage(bytes, "sample"), $"f@V{Versions - 6}"));
        Assert.InRange(bytes.BytesRead, 0, 3 * bytes.Length);
    }

    [Fact]
    public void Finding_a_function_reads_tables_and_no_more()
    {
        byte[] elf = WithFunction(ElfSample.TextAddress + 0x20).ToArray();
        using var file = new TemporaryFile(elf);
        using (FileStream stream = File.OpenWrite(file.Path)) stream.SetLength(3L << 30); // sparse
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (BinaryImage image = BinaryImage.Open(file.Path)) Assert.Equal(ElfSample.TextOffset + 0x20, BinarySymbols.FindFunction(image, "f"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Every_truncation_and_change_is_refused_or_read()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.SymbolTable, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress));
        elf.AddSymbols(ElfSectionType.DynamicSymbols, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, ElfSample.TextAddress));
        elf.AddVersions(["V1"], 2);
        byte[] whole = elf.ToArray(), small = new SmallBinary(is64Bit: false, isBigEndian: false).ToArray();
        for (int length = 0; length < small.Length; length++) Try(small[..length]);
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = (byte[])(i % 2 == 0 ? whole : small).Clone();
            // The tables are at the end, the headers in front.
            for (int n = random.Next(1, 5); n > 0; n--)
                changed[random.Next(2) == 0 ? random.Next(200) : changed.Length - 1 - random.Next(Math.Min(1500, changed.Length))] = (byte)random.Next(256);
            Try(changed);
        }
    }

    private static void Try(byte[] bytes)
    {
        try
        {
            var image = new BinaryImage(new MemoryBytes(bytes), "sample");
            _ = (BuildIdNote.Read(image), image.SharedName);
            BinaryFunctionList.Read(image);
            BinarySymbols.FindFunction(image, "f@V1");
        }
        catch (BpfLoaderException)
        {
            // Said, with its place.
        }
    }

    private static ElfSample WithFunction(ulong address)
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.SymbolTable, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, address));
        return elf;
    }

    private static ulong Find(byte[] image, string name) => BinarySymbols.FindFunction(new BinaryImage(new MemoryBytes(image), "sample"), name);

    private static BpfAttachException Refusal(byte[] image) => Assert.Throws<BpfAttachException>(() => Find(image, "no_such_function"));
}
