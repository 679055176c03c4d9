using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Linking;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Linking;

/// <summary>The rules of linking, on the files of <c>testdata/linked</c> from several compilers and of both byte orders.</summary>
public class BpfLinkerTests
{
    private static readonly string[][] Orders =
    [
        ["base", "user", "weak"], ["base", "weak", "user"], ["user", "base", "weak"], ["user", "weak", "base"], ["weak", "base", "user"], ["weak", "user", "base"],
    ];

    private static readonly TargetTypes Target = new(BpfObjectFile.Open(TestData.PathOf("btf/same.bpf.o")).Btf!);

    public static TheoryData<string, string> VariantsInAllOrders()
    {
        var rows = new TheoryData<string, string>();
        foreach (string variant in LinkedFiles.Variants)
        {
            foreach (string[] order in Orders) rows.Add(variant, string.Join(' ', order));
        }

        return rows;
    }

    public static TheoryData<string> Variants() => [.. LinkedFiles.Variants];

    [Theory, MemberData(nameof(VariantsInAllOrders))]
    public void Definitions_win_over_externs_and_strong_ones_over_weak_ones_in_any_order(string variant, string order)
    {
        byte[] linked = LinkedFiles.Link(LinkedFiles.Rules(variant, order.Split(' ')));
        ElfFile elf = ElfFile.Read(linked);
        bool big = elf.IsBigEndian;

        ElfSymbol value = LinkedFiles.Symbol(elf, "default_value");
        Assert.Equal((12u, ElfSymbolBinding.Global), (Number(elf, value), value.Binding));
        Assert.Equal(1u, Number(elf, LinkedFiles.Symbol(elf, "numbers")));
        Assert.Equal((14u, ElfSymbolBinding.Weak), (Number(elf, LinkedFiles.Symbol(elf, "only_weak")), LinkedFiles.Symbol(elf, "only_weak").Binding));
        Assert.Equal(ElfSymbolVisibility.Hidden, LinkedFiles.Symbol(elf, "secret").Visibility);
        Assert.Equal(ElfSymbolVisibility.Default, LinkedFiles.Symbol(elf, "counter").Visibility);

        // Weak here and strong there is strong.
        Assert.Equal(ElfSymbolBinding.Global, LinkedFiles.Symbol(elf, "LINUX_KERNEL_VERSION").Binding);
        Assert.Equal(ElfSymbolBinding.Weak, LinkedFiles.Symbol(elf, "CONFIG_BPF").Binding);
        Assert.All(LinkedFiles.Symbols(elf).Where(symbol => symbol.SectionIndex == 0 && symbol.Index != 0), symbol => Assert.Contains(symbol.Name, (string[])["LINUX_KERNEL_VERSION", "CONFIG_BPF"]));

        // What is static in each of them is there as often, and all sections are aligned.
        Assert.Equal(3, LinkedFiles.Symbols(elf).Count(symbol => symbol.Name == "helper"));
        Assert.Equal(2, LinkedFiles.Symbols(elf).Count(symbol => symbol.Name == "state"));
        Assert.Equal(0ul, value.Value % 8);
        Assert.Equal(big, variant.EndsWith("be", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(VariantsInAllOrders))]
    public void The_linked_object_is_whole(string variant, string order)
    {
        BpfObjectFile file = BpfObjectFile.Read(LinkedFiles.Link(LinkedFiles.Rules(variant, order.Split(' '))), "linked.o");
        Assert.Equal(["base_program", "user_exit", "user_program", "weak_program"], file.Programs.Select(program => program.Name).Order());
        Assert.Equal(["inner_map", "outer", "table"], file.Maps.Where(map => !map.IsInternal).Select(map => map.Name).Order());
        Assert.Equal("Dual MIT/GPL", file.License);
        Assert.Equal(["CONFIG_BPF", "LINUX_KERNEL_VERSION"], file.Externs.Select(declared => declared.Name).Order());

        BpfMapSlot slot = Assert.Single(file.Maps["outer"].InitialSlots);
        Assert.Equal(2u, slot.Index);
        Assert.Equal(12, file.Globals["default_value"].Bytes[file.IsBigEndian ? 7 : 0]);
        Assert.Equal(7, file.Globals["limit"].Bytes[file.IsBigEndian ? 3 : 0]);

        // Every type once, but the two of the same name that differ.
        BtfReader btf = file.Btf!;
        int structs = Enumerable.Range(1, btf.TypeCount - 1).Count(id => btf[new BtfTypeId(id)] is { Kind: BtfKind.Struct } type && type.NameUtf8.SequenceEqual("entry"u8));
        Assert.Equal(1, structs);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Programs_do_not_depend_on_the_order_of_what_they_do_not_use(string variant)
    {
        // Function bodies are appended in the order of calls, so that a program is the same wherever its functions came from.
        string[] tags = [.. Orders.Select(order => Tags(BpfObjectFile.Read(LinkedFiles.Link(LinkedFiles.Rules(variant, order)), "linked.o"))).Distinct()];
        Assert.Single(tags);
    }

    [Theory, MemberData(nameof(TestData.Objects), MemberType = typeof(TestData))]
    public void An_object_that_is_linked_alone_has_the_same_programs(string name)
    {
        byte[] image = TestData.Read(name);
        if (name.EndsWith("bad_no_btf.bpf.o", StringComparison.Ordinal))
        {
            Assert.Equal(BpfDiagnosticId.LinkWithoutBtf, Assert.Throws<BpfFormatException>(() => LinkedFiles.Link(name)).Id);
            return;
        }

        BpfObjectFile? before = null;
        Exception? refusal = Record.Exception(() => before = BpfObjectFile.Read(image, "a.o"));
        byte[] linked = LinkedFiles.Link(name);
        if (before is null)
        {
            Assert.Equal(((BpfFormatException)refusal!).Id, Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(linked, "a.o")).Id);
            return;
        }

        BpfObjectFile after = BpfObjectFile.Read(linked, "a.o");
        Assert.Equal(Tags(before), Tags(after));
        Assert.Equal(before.Maps.Select(map => map.ToString()), after.Maps.Select(map => map.ToString()));
        Assert.Equal(before.License, after.License);
        Assert.Equal(before.Globals.Select(global => global.ToString()), after.Globals.Select(global => global.ToString()));
    }

    [Theory]
    [InlineData("bad_conflict", BpfDiagnosticId.LinkConflict, "counter")]
    [InlineData("bad_type", BpfDiagnosticId.LinkTypes, "counter")]
    [InlineData("bad_function", BpfDiagnosticId.LinkTypes, "shared")]
    [InlineData("bad_map", BpfDiagnosticId.LinkMaps, "max_entries")]
    [InlineData("bad_map_value", BpfDiagnosticId.LinkMaps, "misses")]
    [InlineData("bad_place", BpfDiagnosticId.LinkTypes, ".ksyms")]
    [InlineData("bad_section", BpfDiagnosticId.LinkSections, ".data")]
    [InlineData("bad_no_btf", BpfDiagnosticId.LinkWithoutBtf, "counter")]
    [InlineData("bad_license", BpfDiagnosticId.LinkContents, "license")]
    public void What_does_not_go_together_is_refused_in_either_order(string name, BpfDiagnosticId id, string what)
    {
        foreach (string variant in LinkedFiles.Variants)
        {
            // The older compiler makes a section writable by its name.
            if (name == "bad_section" && variant == "linked/clang-14") continue;
            foreach (string[] order in (string[][])[["base", name], [name, "base"]])
            {
                BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => LinkedFiles.Link(LinkedFiles.Rules(variant, order)));
                Assert.Equal((id, true), (refusal.Id, refusal.Message.Contains(what, StringComparison.Ordinal)));
                Assert.Contains(id == BpfDiagnosticId.LinkWithoutBtf ? name : $"{order[1]}.bpf.o", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Byte_orders_are_not_mixed()
    {
        BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => LinkedFiles.Link("linked/base.bpf.o", "linked/be/user.bpf.o"));
        Assert.Equal(BpfDiagnosticId.LinkByteOrder, refusal.Id);
    }

    [Fact]
    public void Both_byte_orders_are_linked_alike()
    {
        ElfFile little = ElfFile.Read(LinkedFiles.Link(LinkedFiles.Rules("linked", Orders[0]))), big = ElfFile.Read(LinkedFiles.Link(LinkedFiles.Rules("linked/be", Orders[0])));
        Assert.Equal(LinkedFiles.Symbols(little).Select(Describe), LinkedFiles.Symbols(big).Select(Describe));
        Assert.Equal(little.Sections.Select(Describe), big.Sections.Select(Describe));
        foreach (ElfSection section in little.Sections.Where(section => section.Type == ElfSectionType.Relocations))
            Assert.Equal(little.GetRelocations(section), big.GetRelocations(big.Sections[section.Index]));

        static string Describe<T>(T item) => item switch
        {
            ElfSymbol symbol => $"{symbol.Name} {symbol.Type} {symbol.Binding} {symbol.Visibility} {symbol.SectionIndex} {symbol.Value} {symbol.Size}",
            ElfSection section => $"{section.Name} {section.Type} {section.Flags} {section.Link} {section.Info} {section.Alignment} {section.Size}",
            _ => throw new ArgumentException("neither", nameof(item)),
        };
    }

    [Fact]
    public void A_linker_that_refused_an_object_is_of_no_use_any_more()
    {
        var linker = new BpfLinker();
        Assert.Throws<InvalidOperationException>(() => linker.ToArray());
        linker.Add(TestData.Read("linked/base.bpf.o"), "base");
        byte[] alone = linker.ToArray();
        linker.Add(TestData.Read("linked/weak.bpf.o"), "weak");
        Assert.NotEqual(alone, linker.ToArray());
        Assert.Throws<BpfFormatException>(() => linker.Add(TestData.Read("linked/bad_type.bpf.o"), "bad"));
        Assert.Throws<InvalidOperationException>(() => linker.ToArray());
        Assert.Throws<InvalidOperationException>(() => linker.Add(TestData.Read("linked/user.bpf.o"), "user"));
    }

    private static uint Number(ElfFile elf, ElfSymbol symbol)
    {
        ReadOnlySpan<byte> bytes = elf.Sections[symbol.SectionIndex].Data.Span.Slice((int)symbol.Value, (int)symbol.Size);
        byte[] copy = bytes[..Math.Min(bytes.Length, symbol.Name == "numbers" ? 4 : 8)].ToArray();
        if (elf.IsBigEndian) Array.Reverse(copy);
        return BitConverter.ToUInt32(copy);
    }

    private static string Tags(BpfObjectFile file) => string.Join('\n', file.Relocate(Target)
        .OrderBy(program => program.Definition.Name, StringComparer.Ordinal)
        .Select(program => $"{program.Definition.Name}: {(program.Failure is null ? ProgramTag.Sha1(program.Instructions.Span) : program.Failure.GetType().Name)}"));

    [Fact]
    public void A_section_whose_name_is_not_UTF8_keeps_it()
    {
        byte[] image = TestData.Read("odd_no_btf_ext.bpf.o");
        int at = image.AsSpan().LastIndexOf("socket\0"u8);
        image[at + 1] = 0xff;
        ElfFile linked = ElfFile.Read(BpfLinker.Link(("base", image)));
        Assert.Contains(linked.Sections, section => section.NameUtf8.SequenceEqual(image.AsSpan(at, "socket".Length)));
    }
}
