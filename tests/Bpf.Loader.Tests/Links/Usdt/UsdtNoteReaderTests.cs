using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Usdt;
using Bpf.Loader.Tests.Links.Binaries;
using Xunit;

namespace Bpf.Loader.Tests.Links.Usdt;

public sealed class UsdtNoteReaderTests
{
    private const ulong Location = ElfSample.TextAddress + 0x40, Semaphore = ElfSample.DataAddress + 8;

    [Fact]
    public void Reads_all_notes()
    {
        byte[] notes = [.. Note(Location, 0, Semaphore, "p", "first", "8@%rax"), .. Note(Location + 8, 0, 0, "p", "second", ""), .. Note(1, 2, 3, "q", "third", ":")];
        Assert.Equal(
            [
                new UsdtNote("p", "first", "8@%rax", Location, 0, Semaphore), new UsdtNote("p", "second", "", Location + 8, 0, 0),
                new UsdtNote("q", "third", "", 1, 2, 3),
            ],
            UsdtNoteReader.Read(Image(Sample(notes))));
    }

    [Fact]
    public void Sites_are_offsets_in_the_file()
    {
        IReadOnlyList<UsdtSite> sites = Find([.. Note(Location, 0, Semaphore, "p", "n", "8@%rax"), .. Note(Location + 16, 0, 0, "p", "n", "8@%rbx")], null);
        Assert.Equal(
            [
                new UsdtSite(ElfSample.TextOffset + 0x40, Location, ElfSample.DataOffset + 8, "8@%rax"),
                new UsdtSite(ElfSample.TextOffset + 0x50, Location + 16, 0, "8@%rbx"),
            ],
            sites);
    }

    [Fact]
    public void Prelinking_is_undone_by_the_base()
    {
        const ulong Moved = 0x1000;
        IReadOnlyList<UsdtSite> sites = Find(Note(Location - Moved, 0x500000 - Moved, 0, "p", "n", ""), 0x500000);
        Assert.Equal(ElfSample.TextOffset + 0x40, Assert.Single(sites).Offset);
    }

    [Fact]
    public void A_missing_probe_names_close_ones()
    {
        var error = Assert.Throws<BpfAttachException>(() => Find(Note(Location, 0, 0, "p", "m", ""), null));
        Assert.Equal((BpfDiagnosticId.NoSuchUsdtProbe, Errno.ENOENT), (error.Id, error.Errno));
        Assert.Equal(["p:m"], error.CloseNames);
    }

    [Theory]
    [InlineData(0x10, 0UL)] // no segment
    [InlineData(ElfSample.DataAddress, 0UL)] // not code
    [InlineData(Location, ElfSample.TextAddress)] // a semaphore in code
    public void Places_outside_of_their_segments_are_refused(ulong location, ulong semaphore)
    {
        var error = Assert.Throws<BpfFormatException>(() => Find(Note(location, 0, semaphore, "p", "n", ""), null));
        Assert.Equal(BpfDiagnosticId.BadUsdtNote, error.Id);
    }

    [Fact]
    public void Every_truncation_and_change_is_refused_or_read()
    {
        byte[] notes = [.. Note(Location, 0, Semaphore, "provider", "first", "8@%rax"), .. Note(Location + 8, 0, 0, "provider", "second", "")];
        int whole = Note(Location, 0, Semaphore, "provider", "first", "8@%rax").Length, refused = 0;
        for (int length = 0; length <= notes.Length; length++)
        {
            byte[] cut = Sample(notes[..length]);
            if (length == 0 || length == whole || length >= notes.Length - 3) UsdtNoteReader.Read(Image(cut)); // padding may be missing
            else if (length < whole - 3 || length > whole) Assert.Throws<BpfFormatException>(() => UsdtNoteReader.Read(Image(cut)));
        }

        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = (byte[])notes.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                UsdtNoteReader.Read(Image(Sample(changed)));
            }
            catch (BpfFormatException error)
            {
                Assert.Equal(".note.stapsdt", error.Section);
                refused++;
            }
        }

        Assert.True(refused > 100);
    }

    private static IReadOnlyList<UsdtSite> Find(byte[] notes, ulong? baseAddress) => UsdtSite.Find(Image(Sample(notes, baseAddress)), "p", "n");

    private static BinaryImage Image(byte[] elf) => new(new MemoryBytes(elf), "sample");

    private static byte[] Sample(byte[] notes, ulong? baseAddress = null)
    {
        var elf = new ElfSample();
        elf.Add(".note.stapsdt", ElfSectionType.Note, notes);
        if (baseAddress is ulong address) elf.Add(".stapsdt.base", ElfSectionType.ProgramBits, [0], address);
        return elf.ToArray();
    }

    private static byte[] Note(ulong location, ulong baseAddress, ulong semaphore, string provider, string name, string arguments)
    {
        byte[] texts = Encoding.UTF8.GetBytes($"{provider}\0{name}\0{arguments}\0");
        int size = 24 + texts.Length;
        byte[] note = new byte[12 + 8 + ((size + 3) & ~3)];
        BinaryPrimitives.WriteUInt32LittleEndian(note, 8);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(4), (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(8), 3);
        "stapsdt\0"u8.CopyTo(note.AsSpan(12));
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(20), location);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(28), baseAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(36), semaphore);
        texts.CopyTo(note, 44);
        return note;
    }
}
