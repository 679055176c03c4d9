using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Tests.Linking;
using Xunit;
using Theirs = LibObjectFile.Elf;

namespace Bpf.Loader.Tests.Elf;

/// <summary>LibObjectFile, which shares no code with us, sees in ELF files what we see, and what it writes we read.</summary>
public class SecondOpinionTests
{
    private const long LargestBinary = 64 << 20; // its readers take fifteen times that

    private static readonly string[] Folders = ["/usr/bin", "/usr/sbin"];

    [Theory, MemberData(nameof(TestData.Objects), MemberType = typeof(TestData))]
    public void Both_read_the_same_in_an_object(string name) => Assert.Empty(ElfComparison.Differences(TestData.Read(name)));

    [Theory, InlineData("linked"), InlineData("linked/clang-14"), InlineData("linked/be")]
    public void Both_read_the_same_in_what_the_linker_wrote(string variant) => Assert.Empty(ElfComparison.Differences(LinkedFiles.Link(LinkedFiles.Rules(variant, "base", "user", "weak"))));

    [Fact]
    public void Both_read_the_same_in_the_programs_of_this_machine()
    {
        var wrong = new List<string>();
        int read = 0;
        foreach (FileInfo file in Folders.Where(Directory.Exists).SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles()).Where(file => file.LinkTarget is null && file.Length is >= 64 and <= LargestBinary))
        {
            byte[] image = File.ReadAllBytes(file.FullName);
            if (!image.AsSpan().StartsWith("\u007fELF\u0002"u8)) continue;
            read++;
            wrong.AddRange(ElfComparison.Differences(image).Select(difference => $"{file.FullName}: {difference}"));
        }

        Assert.SkipWhen(read == 0, "no 64-bit ELF programs here");
        Assert.Empty(wrong);
    }

    [Theory, InlineData(16, "machine"), InlineData(18, "machine"), InlineData(-64, "section"), InlineData(-1, "contents")]
    public void A_difference_is_found(int offset, string what)
    {
        // The tests above would pass as well if nothing was compared: a byte of the header, of the last section's header, or of the last section.
        byte[] image = TestData.Read("hook_tc.bpf.o"), other = [.. image];
        int at = what switch
        {
            "section" => image.Length + offset + 8,
            "contents" => LastContents(image),
            _ => offset,
        };
        other[at] ^= 4;
        Assert.NotEmpty(ElfComparison.Differences(image, other));
    }

    [Theory, MemberData(nameof(TestData.GoodObjects), MemberType = typeof(TestData))]
    public void An_object_that_it_writes_again_has_the_same_programs_and_maps(string name)
    {
        byte[] image = TestData.Read(name);
        Assert.True(Theirs.ElfFile.TryRead(new MemoryStream(image), out Theirs.ElfFile? elf, out LibObjectFile.Diagnostics.DiagnosticBag? said), said?.ToString());
        using var written = new MemoryStream();

        // bpftool puts local symbols behind global ones, which the ELF specification forbids and loaders do not mind. It does.
        if (!elf.TryWrite(written, out said))
        {
            Assert.StartsWith("linked", name, StringComparison.Ordinal);
            Assert.All(said!.Messages, message => Assert.Contains("LOCAL symbol", message.Message, StringComparison.Ordinal));
            return;
        }

        // What is a part of a whole, and refused alone, is refused for the same.
        BpfObjectFile? before = null;
        if (Record.Exception(() => before = BpfObjectFile.Read(image, "a.o")) is BpfFormatException refusal)
        {
            Assert.Equal(refusal.Id, Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(written.ToArray(), "a.o")).Id);
            return;
        }

        BpfObjectFile after = BpfObjectFile.Read(written.ToArray(), "a.o");
        Assert.Equal(before!.Programs.Select(program => program.ToString()), after.Programs.Select(program => program.ToString()));
        Assert.Equal(before.Programs.SelectMany(program => program.Function.Instructions.ToArray()), after.Programs.SelectMany(program => program.Function.Instructions.ToArray()));
        Assert.Equal(before.Maps.Select(map => map.ToString()), after.Maps.Select(map => map.ToString()));
    }

    // What clang does not write: a page before each section, the string table behind all others, a name that is empty, no BTF.
    [Theory, InlineData(false, 8u), InlineData(true, 8u), InlineData(false, 4096u), InlineData(true, 1u << 20)]
    public void An_object_that_no_compiler_lays_out_so_is_read(bool isBigEndian, uint alignment)
    {
        byte[] code = isBigEndian ? [0xb7, 0, 0, 0, 0, 0, 0, 7, 0x95, 0, 0, 0, 0, 0, 0, 0] : [0xb7, 0, 0, 0, 7, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        var elf = new Theirs.ElfFile(Theirs.ElfArch.BPF, Theirs.ElfFileClass.Is64, isBigEndian ? Theirs.ElfEncoding.Msb : Theirs.ElfEncoding.Lsb) { FileType = Theirs.ElfFileType.Relocatable };
        elf.Add(Section("", [1, 2, 3], Theirs.ElfSectionFlags.Alloc));
        Theirs.ElfStreamSection program = elf.Add(Section("xdp", code, Theirs.ElfSectionFlags.Alloc | Theirs.ElfSectionFlags.Executable));
        elf.Add(Section("license", "GPL\0"u8.ToArray(), Theirs.ElfSectionFlags.Alloc | Theirs.ElfSectionFlags.Write));
        elf.Add(new Theirs.ElfSectionHeaderStringTable());
        var strings = new Theirs.ElfStringTable();
        Theirs.ElfSymbolTable symbols = elf.Add(new Theirs.ElfSymbolTable(isDynamic: false) { Link = strings });
        symbols.Entries.Add(new Theirs.ElfSymbol { Name = "passes", Type = Theirs.ElfSymbolType.Function, Bind = Theirs.ElfSymbolBind.Global, SectionLink = new Theirs.ElfSectionLink(program), Size = 16 });
        elf.Add(strings);
        elf.Add(new Theirs.ElfSectionHeaderTable());
        using var written = new MemoryStream();
        Assert.True(elf.TryWrite(written, out LibObjectFile.Diagnostics.DiagnosticBag? said), said?.ToString());

        byte[] image = written.ToArray();
        Assert.Empty(ElfComparison.Differences(image));
        BpfObjectFile file = BpfObjectFile.Read(image, "made.o");
        Assert.Equal(("passes", BpfProgramType.Xdp, "GPL"), (file.Programs.Single().Name, file.Programs.Single().Type, file.License));
        Assert.Equal(7, file.Programs.Single().Function.Instructions[0].Immediate);

        Theirs.ElfStreamSection Section(string name, byte[] bytes, Theirs.ElfSectionFlags flags)
            => new(Theirs.ElfSectionType.ProgBits, new MemoryStream(bytes)) { Name = name, Flags = flags, VirtualAddressAlignment = alignment };
    }

    private static int LastContents(byte[] image)
    {
        Bpf.Loader.Elf.ElfSection section = Bpf.Loader.Elf.ElfFile.Read(image).Sections.Last(section => section.Type == Bpf.Loader.Elf.ElfSectionType.ProgramBits && section.Size != 0);
        return (int)section.Offset;
    }
}
