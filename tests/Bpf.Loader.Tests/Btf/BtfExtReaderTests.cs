using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

public class BtfExtReaderTests
{
    public static TheoryData<string> Objects() => TestData.GoodObjects();

    [Theory, MemberData(nameof(Objects))]
    public void Every_record_of_every_object_points_into_its_section(string name)
    {
        ElfFile elf = ElfFile.Read(TestData.Read(name));
        if (!elf.Sections.TryFind(".BTF"u8, out ElfSection btfSection) || !elf.Sections.TryFind(".BTF.ext"u8, out ElfSection extSection)) return;
        BtfReader btf = BtfReader.Read(btfSection.Data);
        BtfExtReader ext = BtfExtReader.Read(extSection.Data);
        Assert.Equal(elf.IsBigEndian, ext.IsBigEndian);

        foreach (BtfExtSection<BtfFuncInfo> section in ext.Functions)
        {
            ElfSection code = Code(elf, section.GetNameUtf8(btf));
            Assert.NotEmpty(section);
            foreach (BtfFuncInfo function in section)
            {
                Assert.Equal(0u, function.InstructionOffset % 8);
                Assert.True(function.InstructionOffset < code.Size);
                Assert.Equal(BtfKind.Function, btf[function.TypeId].Kind);
            }
        }

        foreach (BtfExtSection<BtfLineInfo> section in ext.Lines)
        {
            ElfSection code = Code(elf, section.GetNameUtf8(btf));
            foreach (BtfLineInfo line in section)
            {
                Assert.True(line.InstructionOffset < code.Size);
                Assert.NotEqual("", line.GetFileName(btf));
                Assert.NotNull(line.GetText(btf));
            }
        }

        foreach (BtfExtSection<BtfCoReRecord> section in ext.CoReRecords)
        {
            ElfSection code = Code(elf, section.GetNameUtf8(btf));
            foreach (BtfCoReRecord record in section)
            {
                Assert.True(record.InstructionOffset < code.Size);
                Assert.True(btf.Contains(record.TypeId));
                Assert.Matches("^[0-9]+(:[0-9]+)*$", record.GetAccessString(btf));
                Assert.True(Enum.IsDefined(record.Kind));
            }
        }
    }

    [Fact]
    public void Both_byte_orders_of_a_source_say_the_same()
    {
        (BtfReader btf, BtfExtReader ext) little = Open("execsnoop.bpf.o"), big = Open("be/execsnoop.bpf.o");
        Assert.False(little.ext.IsBigEndian);
        Assert.True(big.ext.IsBigEndian);
        Assert.Equal(Functions(little), Functions(big));
        Assert.NotEmpty(Functions(little));
    }

    [Fact]
    public void The_line_of_an_instruction_is_the_last_one_before_it()
    {
        (BtfReader btf, BtfExtReader ext) = Open("execsnoop.bpf.o");
        BtfExtSection<BtfLineInfo> lines = ext.Lines.First();
        for (int i = 0; i + 1 < lines.Count; i++)
        {
            for (uint offset = lines[i].InstructionOffset; offset < lines[i + 1].InstructionOffset; offset += 8)
            {
                Assert.True(ext.TryFindLine(btf, lines.GetNameUtf8(btf), offset, out BtfLineInfo line));
                Assert.Equal(lines[i], line);
            }
        }

        Assert.EndsWith("execsnoop.bpf.c", lines[0].GetFileName(btf), StringComparison.Ordinal);
        Assert.InRange(lines[0].Line, 1, 10_000);
        Assert.False(ext.TryFindLine(btf, "no such section"u8, 0, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Larger_records_of_newer_compilers_are_read(bool big)
    {
        byte[] raw = Build(big, functions: Table(12, (7, [8, 3, 99, 16, 4, 99])), lines: [], coRe: null);
        BtfExtReader ext = BtfExtReader.Read(raw);
        BtfExtSection<BtfFuncInfo> section = Assert.Single(ext.Functions);
        Assert.Equal(7u, section.NameOffset);
        Assert.Equal([new BtfFuncInfo(8, new BtfTypeId(3)), new BtfFuncInfo(16, new BtfTypeId(4))], section);
        Assert.Equal(12, ext.Functions.RecordSize);
        Assert.True(ext.Lines.IsEmpty);
        Assert.True(ext.CoReRecords.IsEmpty);
        Assert.Empty(ext.Lines);
    }

    [Fact]
    public void A_header_without_core_relocations_is_read()
    {
        byte[] raw = Build(false, Table(8, (1, [0, 1])), Table(16, (1, [0, 2, 3, (45 << 10) | 6])), coRe: null);
        BtfExtReader ext = BtfExtReader.Read(raw);
        BtfLineInfo line = Assert.Single(Assert.Single(ext.Lines));
        Assert.Equal(45, line.Line);
        Assert.Equal(6, line.Column);
        Assert.Empty(ext.CoReRecords);
    }

    [Theory]
    [InlineData(7u, 0)] // record too small
    [InlineData(10u, 0)] // not a multiple of 4
    [InlineData(0x80000000u, 0)]
    public void Bad_record_sizes_are_refused(uint size, int at)
    {
        byte[] raw = Build(false, Table(8, (1, [0, 1])), [], coRe: []);
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(32 + at), size);
        AssertRefused(raw);
    }

    [Fact]
    public void Malformed_headers_and_tables_are_refused()
    {
        byte[] good = Build(false, Table(8, (1, [0, 1])), Table(16, (1, [0, 2, 3, 4])), Table(16, (1, [0, 1, 2, 0])));
        _ = BtfExtReader.Read(good);
        foreach ((int offset, uint value) in new (int, uint)[]
        {
            (0, 0x0001eb9e), // magic
            (0, 0x0002eb9f), // version
            (0, 0x0101eb9f), // flags
            (4, 20), (4, 0x7fffffff), (4, (uint)good.Length), // header length
            (8, 2), (8, 0x7ffffff0), (8, 0xfffffffc), // table offset
            (12, 2), (12, 4), (12, 0xffffffff), // table length
            (32 + 8, 0), (32 + 8, 2), (32 + 8, 0x20000001), // record count
        })
        {
            byte[] bad = [.. good];
            BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(offset), value);
            AssertRefused(bad);
        }

        for (int length = 0; length < good.Length; length++) AssertRefused(good[..length]);
    }

    private static void AssertRefused(byte[] raw)
    {
        BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => BtfExtReader.Read(raw));
        Assert.Equal(BpfDiagnosticId.BadBtfExt, refusal.Id);
        Assert.Equal(".BTF.ext", refusal.Section);
        Assert.NotNull(refusal.Offset);
    }

    private static (BtfReader Btf, BtfExtReader Ext) Open(string name)
    {
        ElfFile elf = ElfFile.Read(TestData.Read(name));
        return (BtfReader.Read(Code(elf, ".BTF"u8).Data), BtfExtReader.Read(Code(elf, ".BTF.ext"u8).Data));
    }

    private static ElfSection Code(ElfFile elf, ReadOnlySpan<byte> name)
    {
        Assert.True(elf.Sections.TryFind(name, out ElfSection section));
        return section;
    }

    private static List<string> Functions((BtfReader Btf, BtfExtReader Ext) file) =>
        [.. file.Ext.Functions.SelectMany(section => section.Select(f => $"{section.GetName(file.Btf)}+{f.InstructionOffset} {file.Btf[f.TypeId].Name}"))];

    private static uint[] Table(uint recordSize, params (uint Name, uint[] Words)[] sections)
    {
        return [recordSize, .. sections.SelectMany(s => (uint[])[s.Name, (uint)s.Words.Length * 4 / recordSize, .. s.Words])];
    }

    private static byte[] Build(bool big, uint[] functions, uint[] lines, uint[]? coRe)
    {
        List<uint> words = [0, coRe is null ? 24u : 32u, 0, (uint)functions.Length * 4, (uint)functions.Length * 4, (uint)lines.Length * 4];
        if (coRe is not null) words.AddRange([(uint)(functions.Length + lines.Length) * 4, (uint)coRe.Length * 4]);
        words.AddRange([.. functions, .. lines, .. coRe ?? []]);
        byte[] raw = new byte[words.Count * 4];
        for (int i = 0; i < words.Count; i++)
        {
            if (big) BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(i * 4), words[i]);
            else BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(i * 4), words[i]);
        }

        (raw[0], raw[1], raw[2], raw[3]) = big ? ((byte)0xeb, (byte)0x9f, (byte)1, (byte)0) : ((byte)0x9f, (byte)0xeb, (byte)1, (byte)0);
        return raw;
    }
}
