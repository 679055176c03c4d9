using System;
using System.Buffers.Binary;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Linking;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Linking;

/// <summary>Objects whose every part can be read, and that no compiler puts together so.</summary>
public class MadeUpInputTests
{
    private const int SectionType = 4, SectionSize = 32; // in a section header
    private const uint NoBits = 8;

    [Theory, MemberData(nameof(DamagedInputTests.Samples), MemberType = typeof(DamagedInputTests))]
    public void Relocations_of_a_section_without_bytes_are_refused(string name)
    {
        byte[] sound = TestData.Read(name);
        ElfFile elf = ElfFile.Read(sound);
        int tried = 0;
        foreach (ElfSection records in elf.Sections)
        {
            ElfSection target = elf.Sections[(int)records.Info];
            if (records.Type != ElfSectionType.Relocations || target.Name.StartsWith(".BTF", StringComparison.Ordinal) || target.Name.StartsWith(".debug", StringComparison.Ordinal)) continue;
            byte[] image = (byte[])sound.Clone();
            Write(elf, image.AsSpan(Header(elf, target.Index) + SectionType), NoBits);
            BpfFormatException refused = Refuse(image);
            Assert.Equal((BpfDiagnosticId.BadRelocation, records.Name), (refused.Id, refused.Section));
            tried++;
        }

        Assert.NotEqual(0, tried);
    }

    [Fact]
    public void Variables_in_the_symbol_table_are_refused()
    {
        var btf = new BtfBuilder();
        BtfTypeId variable = btf.AddVariable("local", BtfLinkage.Static, btf.AddInt("int", 4));
        btf.AddDataSection(".symtab", 4);
        btf.AddSectionVariable(new BtfSectionVariable(variable, 0, 4));
        var file = new ObjectBuilder { Btf = btf };
        file.AddProgram("socket", "program");
        BpfFormatException refused = Refuse(file.Image);
        Assert.Equal((BpfDiagnosticId.LinkInput, ".symtab"), (refused.Id, refused.Section));
    }

    [Theory, InlineData(ulong.MaxValue), InlineData(1UL << 63), InlineData((ulong)int.MaxValue + 1)]
    public void A_section_that_no_object_can_hold_is_refused(ulong size)
    {
        var file = new ObjectBuilder();
        file.AddProgram("socket", "program");
        int bss = file.Add(".bss", ElfSectionType.NoBits, ElfSectionFlags.Allocate | ElfSectionFlags.Write, []);
        byte[] image = file.Image;
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(Header(ElfFile.Read(image), bss) + SectionSize), size);

        // The second begins behind the first, where its end would overflow.
        var small = new ObjectBuilder();
        small.AddProgram("socket", "other");
        small.Add(".bss", ElfSectionType.NoBits, ElfSectionFlags.Allocate | ElfSectionFlags.Write, [], size: 8);
        BpfFormatException refused = Assert.Throws<BpfFormatException>(() => BpfLinker.Link(("small", small.Image), ("made up", image)));
        Assert.Equal((BpfDiagnosticId.BadSection, ".bss"), (refused.Id, refused.Section));
    }

    [Fact]
    public void A_function_that_is_described_twice_is_refused()
    {
        // The symbol means the last description; the first is the one that is linked.
        ObjectBuilder user = Function(out BtfBuilder types, out BtfTypeId number);
        user.AddExtern("called");
        types.AddFunction("called", BtfLinkage.Extern, types.AddFunctionPrototype(number));
        AddPrototype(types, number);
        types.AddFunction("called", BtfLinkage.Extern, new BtfTypeId(types.TypeCount - 1));

        ObjectBuilder definer = Function(out types, out number, name: "called");
        AddPrototype(types, number);
        types.AddFunction("called", BtfLinkage.Global, new BtfTypeId(types.TypeCount - 1));
        BpfFormatException refused = Assert.Throws<BpfFormatException>(() => BpfLinker.Link(("user", user.Image), ("definer", definer.Image)));
        Assert.Equal(BpfDiagnosticId.LinkTypes, refused.Id);

        static void AddPrototype(BtfBuilder types, BtfTypeId number)
        {
            types.AddFunctionPrototype(number);
            types.AddParameter("a", number);
            types.AddParameter("b", number);
        }
    }

    [Fact]
    public void Loops_of_different_lengths_are_not_walked_until_they_meet()
    {
        BpfFormatException refused = Assert.Throws<BpfFormatException>(() => BpfLinker.Link(("one", Ring(3_001)), ("other", Ring(3_000))));
        Assert.Equal(BpfDiagnosticId.Excessive, refused.Id);

        static byte[] Ring(int length)
        {
            ObjectBuilder file = Function(out BtfBuilder types, out _, name: $"program{length}");
            int first = types.TypeCount;
            for (int i = 0; i < length; i++) types.AddPointer(new BtfTypeId(first + ((i + 1) % length)));
            types.AddVariable("shared", BtfLinkage.Extern, new BtfTypeId(first));
            file.AddExtern("shared");
            return file.Image;
        }
    }

    [Fact]
    public void Names_that_are_the_tails_of_one_long_name_are_not_all_copied()
    {
        const int Length = 50_000;
        ObjectBuilder file = Function(out BtfBuilder types, out BtfTypeId number);
        uint name = types.AddString(new string('x', Length));
        for (int i = 0; i < Length; i++) types.SetName(types.AddTypedef("t", number), name + (uint)i);
        byte[] image = file.Image;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(BpfDiagnosticId.Excessive, Refuse(image).Id);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (200L * image.Length) + (64 << 20));
    }

    private static ObjectBuilder Function(out BtfBuilder types, out BtfTypeId number, string name = "program")
    {
        types = new BtfBuilder();
        number = types.AddInt("int", 4);
        var file = new ObjectBuilder { Btf = types };
        file.AddProgram("socket", name);
        return file;
    }

    private static BpfFormatException Refuse(byte[] image) => Assert.Throws<BpfFormatException>(() => BpfLinker.Link(("made up", image)));

    private static int Header(ElfFile elf, int section)
    {
        ReadOnlySpan<byte> table = elf.Image.Span[40..];
        return (int)(elf.IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(table) : BinaryPrimitives.ReadUInt64LittleEndian(table)) + (section * 64);
    }

    private static void Write(ElfFile elf, Span<byte> at, uint value)
    {
        if (elf.IsBigEndian) BinaryPrimitives.WriteUInt32BigEndian(at, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(at, value);
    }
}
