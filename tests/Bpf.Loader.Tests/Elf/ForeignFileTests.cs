using System;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Linking;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Elf;

/// <summary>What people give in place of an object is said to be what it is, with a cure.</summary>
public sealed class ForeignFileTests
{
    private static readonly byte[] Zeros = new byte[64];

    private static readonly (string Name, byte[] Bytes, BpfDiagnosticId Id, string Is, string Cure)[] Files =
    [
        ("bitcode", [(byte)'B', (byte)'C', 0xc0, 0xde, .. Zeros], BpfDiagnosticId.Bitcode, "LLVM bitcode", "llc -march=bpf"),
        ("wrapped bitcode", [0xde, 0xc0, 0x17, 0x0b, .. Zeros], BpfDiagnosticId.Bitcode, "LLVM bitcode", "-flto"),
        ("text of bitcode", Text("; ModuleID = 'a.c'\nsource_filename = \"a.c\"\n"), BpfDiagnosticId.Bitcode, "LLVM bitcode", "llc"),
        ("C", Text("/* SPDX-License-Identifier: GPL-2.0\n * more */\n\n#include \"vmlinux.h\"\n"), BpfDiagnosticId.SourceText, "C source", "-target bpf -c"),
        ("C after a comment of a line", Text("// SPDX\r\nstruct event { int pid; };\r\n"), BpfDiagnosticId.SourceText, "C source", "BpfCompile"),
        ("C with a mark of its encoding", Text("\ufeff#include <linux/bpf.h>\n"), BpfDiagnosticId.SourceText, "C source", "-target bpf"),
        ("C that begins with a macro", Text("BPF_PROG(a)\nSEC(\"xdp\") int f() {}\n"), BpfDiagnosticId.SourceText, "C source", "-target bpf"),
        ("assembler", Text("\t.text\n\t.file\t\"a.c\"\n\t.section\t\"xdp\",\"ax\"\n"), BpfDiagnosticId.SourceText, "assembler", "without -S"),
        ("nothing", [], BpfDiagnosticId.NotElf, "empty", "compile or copy it again"),
        ("zeros", new byte[4096], BpfDiagnosticId.NotElf, "zeros", "copy"),
        ("git-lfs", Text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), BpfDiagnosticId.GitPointer, "git-lfs", "git lfs pull"),
        ("git-annex", Text("/annex/objects/SHA256E-s123--4d7a.o\n"), BpfDiagnosticId.GitPointer, "git", "git annex get"),
        ("archive", [.. Text("!<arch>\nprog.bpf.o/     "), .. Zeros], BpfDiagnosticId.Archive, "archive of objects", "ar x"),
        ("Debian package", [.. Text("!<arch>\ndebian-binary   1"), .. Zeros], BpfDiagnosticId.Archive, "Debian package", "dpkg -x"),
        ("zip", [(byte)'P', (byte)'K', 3, 4, .. Zeros], BpfDiagnosticId.Archive, "(zip)", "unzip"),
        ("tar", [.. new byte[257].Select(_ => (byte)'a'), .. Text("ustar"), 0, .. Zeros], BpfDiagnosticId.Archive, "(tar)", "tar -xf"),
        ("gzip", [0x1f, 0x8b, 8, 0, .. Zeros], BpfDiagnosticId.CompressedFile, "compressed (gzip)", "gzip -d"),
        ("zstd", [0x28, 0xb5, 0x2f, 0xfd, .. Zeros], BpfDiagnosticId.CompressedFile, "compressed (zstd)", "zstd -d"),
        ("xz", [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. Zeros], BpfDiagnosticId.CompressedFile, "compressed (xz)", "xz -d"),
        ("bzip2", [.. Text("BZh91AY&SY"), .. Zeros], BpfDiagnosticId.CompressedFile, "compressed (bzip2)", "bzip2 -d"),
        ("HTML", Text("\n<!doctype html>\n<html><head><title>404</title>"), BpfDiagnosticId.WebPage, "web server", "curl -f"),
        ("a raw 404", Text("404: Not Found"), BpfDiagnosticId.WebPage, "web server", "Download it again"),
        ("an error in XML", Text("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>"), BpfDiagnosticId.WebPage, "web server", "Download it again"),
        ("script", Text("#!/bin/sh\nexec true\n"), BpfDiagnosticId.NotElf, "script (#!/bin/sh)", "clang compiled with -target bpf"),
        ("text", Text("hello, world: this is not an object"), BpfDiagnosticId.NotElf, "text (\"hello, world: this is not an object\")", "clang compiled with -target bpf"),
        ("text that acts", Text("\x1b[31mred and more and more and more and more and more"), BpfDiagnosticId.NotElf, "\\x1b[31mred", "clang"),
        ("Mach-O", [0xcf, 0xfa, 0xed, 0xfe, .. Zeros], BpfDiagnosticId.ForeignFormat, "macOS", "-target bpf"),
        ("fat Mach-O", [0xca, 0xfe, 0xba, 0xbe, .. Zeros], BpfDiagnosticId.ForeignFormat, "macOS", "-target bpf"),
        ("PE", [.. Text("MZ"), 0x90, 0, .. Zeros], BpfDiagnosticId.ForeignFormat, "Windows", ".bpf.o"),
        ("COFF", [0x64, 0x86, 2, 0, .. Zeros], BpfDiagnosticId.ForeignFormat, "object of Windows", "-target bpf"),
        ("WebAssembly", [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0, .. Zeros], BpfDiagnosticId.ForeignFormat, "WebAssembly", "-target bpf"),
        ("bzImage", [.. Text("MZ"), .. new byte[0x200], .. Text("HdrS"), .. Zeros], BpfDiagnosticId.ForeignFormat, "compressed kernel", "extract-vmlinux"),
        ("raw BTF", [0x9f, 0xeb, 1, 0, 24, 0, 0, 0, .. Zeros], BpfDiagnosticId.RawBtf, "raw BTF", "--btf"),
        ("raw BTF of the other byte order", [0xeb, 0x9f, 1, 0, .. Zeros], BpfDiagnosticId.RawBtf, "raw BTF", "--btf"),
        ("noise", [1, 2, 3, 4, 5], BpfDiagnosticId.NotElf, "does not begin with 7f 45 4c 46", "-target bpf"),
    ];

    public static TheoryData<string> Names() => [.. Files.Select(file => file.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_file_that_is_no_object_is_said_to_be_what_it_is(string name)
    {
        (_, byte[] bytes, BpfDiagnosticId id, string what, string cure) = Files.Single(file => file.Name == name);
        AssertTold(Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(bytes)), id, what, cure);
        AssertTold(Assert.Throws<BpfFormatException>(() => ElfFile.Read(bytes)), id, what, cure);
        BpfFormatException linked = Assert.Throws<BpfFormatException>(() => new BpfLinker().Add(bytes, "input.o"));
        AssertTold(linked, id, what, cure);
        Assert.Contains("input.o", linked.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_cut_off_is_told_without_harm()
    {
        foreach ((_, byte[] bytes, _, _, _) in Files)
        {
            for (int length = 0; length < Math.Min(bytes.Length, 100); length++) Assert.Throws<BpfFormatException>(() => ElfFile.Read(bytes.AsMemory(0, length)));
        }
    }

    [Theory]
    [InlineData("xz", BpfDiagnosticId.CompressedFile, "btfhub")]
    [InlineData("C", BpfDiagnosticId.SourceText, "/sys/kernel/btf/vmlinux")]
    [InlineData("bzImage", BpfDiagnosticId.ForeignFormat, "extract-vmlinux")]
    [InlineData("nothing", BpfDiagnosticId.NotElf, "again")]
    [InlineData("noise", BpfDiagnosticId.NotElf, "raw BTF or an ELF file")]
    public void Where_types_are_wanted_the_cure_is_about_types(string name, BpfDiagnosticId id, string cure)
    {
        BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => BtfReader.ReadRawOrElf(Files.Single(file => file.Name == name).Bytes));
        Assert.Equal(id, refusal.Id);
        Assert.Contains("raw BTF or an ELF file with a section .BTF", refusal.Finding.What + refusal.Finding.Cure, StringComparison.Ordinal);
        Assert.Contains(cure, refusal.Finding.What + refusal.Finding.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ElfFileType.Relocatable, ElfMachine.X64, "a relocatable object for x86-64", "without -target")]
    [InlineData(ElfFileType.Relocatable, ElfMachine.Arm64, "a relocatable object for arm64", "clang -target bpf -c")]
    [InlineData(ElfFileType.Relocatable, (ElfMachine)258, "a relocatable object for LoongArch", "clang -target bpf -c")]
    [InlineData(ElfFileType.Relocatable, (ElfMachine)999, "a relocatable object for machine 999", "clang -target bpf -c")]
    [InlineData(ElfFileType.Dynamic, ElfMachine.X64, "a shared library for x86-64", ".bpf.o")]
    [InlineData(ElfFileType.Executable, ElfMachine.RiscV, "an executable for RISC-V", ".bpf.o")]
    [InlineData(ElfFileType.Core, ElfMachine.X64, "a core dump for x86-64", ".bpf.o")]
    [InlineData(ElfFileType.Executable, ElfMachine.Bpf, "an executable for BPF", "bpf gen object")]
    public void An_ELF_file_of_something_else_is_named(ElfFileType type, ElfMachine machine, string what, string cure)
    {
        BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(new ObjectBuilder { Type = type, Machine = machine }.Image));
        AssertTold(refusal, BpfDiagnosticId.NotBpf, what, cure);
    }

    [Fact]
    public void A_kernel_module_is_one()
    {
        var module = new ObjectBuilder { Machine = ElfMachine.X64 };
        module.AddData(".gnu.linkonce.this_module", 1);
        AssertTold(Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(module.Image)), BpfDiagnosticId.NotBpf, "a kernel module for x86-64", "modprobe");
    }

    [Fact]
    public void A_program_of_this_machine_is_named()
    {
        Assert.SkipUnless(File.Exists("/bin/true"), "there is no /bin/true here");
        AssertTold(Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open("/bin/true")), BpfDiagnosticId.NotBpf, "an executable for ", ".bpf.o");
    }

    [Fact]
    public void A_directory_is_one() => AssertTold(Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open(TestData.Repository)), BpfDiagnosticId.Unreadable, "it is a directory", "Name a file in it.");

    [Fact]
    public void An_object_that_is_cut_off_is_told_to_be_copied_again()
    {
        byte[] whole = TestData.Read("execsnoop.bpf.o");
        AssertTold(Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(whole.AsMemory(0, whole.Length / 2))), BpfDiagnosticId.Truncated, "truncated", "copy it again");
        AssertTold(Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(whole.AsMemory(0, 20))), BpfDiagnosticId.Truncated, "ELF header", "copy it again");
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static void AssertTold(BpfFormatException refusal, BpfDiagnosticId id, string what, string cure)
    {
        Assert.Equal(id, refusal.Id);
        Assert.Contains(what, refusal.Finding.What, StringComparison.Ordinal);
        Assert.Contains(cure, refusal.Finding.Cure, StringComparison.Ordinal);
        Assert.Contains(refusal.Finding.What, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Finding.Cure!, refusal.Message, StringComparison.Ordinal);
    }
}
