using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;
using Xunit;

namespace Bpf.Loader.Tests.Links.Binaries;

public sealed class BinarySymbolsTests
{
    private const ulong A = ElfSample.TextAddress + 0x10, B = ElfSample.TextAddress + 0x20, C = ElfSample.TextAddress + 0x30;

    [Fact]
    public void An_offset_is_that_of_the_file_not_of_the_memory()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.SymbolTable, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A));
        Assert.Equal(ElfSample.TextOffset + 0x10, Find(elf, "f"));
    }

    [Fact]
    public void The_dynamic_table_decides_before_the_static_one_but_not_for_patterns()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.SymbolTable, ("f", ElfSymbolType.Function, ElfSymbolBinding.Local, elf.Text, A), ("g", ElfSymbolType.Function, ElfSymbolBinding.Local, elf.Text, C));
        elf.AddSymbols(ElfSectionType.DynamicSymbols, ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, B));
        Assert.Equal(ElfSample.TextOffset + 0x20, Find(elf, "f"));
        Assert.Equal(ElfSample.TextOffset + 0x30, Find(elf, "g"));
        Assert.Equal([("f", ElfSample.TextOffset + 0x10), ("g", ElfSample.TextOffset + 0x30)], BinarySymbols.FindPattern(elf.ToImage(), "?"));
    }

    [Theory]
    [InlineData("f@V1", 0x10)]
    [InlineData("f@V2", 0x20)]
    [InlineData("f@@V2", 0x20)]
    [InlineData("f", 0x20)] // the default version, as a program gets that is linked now
    [InlineData("old", 0x30)] // the only one, though not the default
    public void Versions_tell_functions_apart(string name, ulong offset)
    {
        var elf = new ElfSample();
        elf.AddSymbols(
            ElfSectionType.DynamicSymbols,
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, B),
            ("old", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, C));
        elf.AddVersions(["V1", "V2"], 0x8002, 3, 0x8002);
        Assert.Equal(ElfSample.TextOffset + offset, Find(elf, name));
        Assert.Equal(BpfDiagnosticId.NoSuchSymbol, Refusal(elf, "f@V3").Id);
    }

    [Fact]
    public void Static_symbols_carry_their_version_in_the_name()
    {
        var elf = new ElfSample();
        elf.AddSymbols(
            ElfSectionType.SymbolTable,
            ("f@V1", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A),
            ("f@@V2", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, B),
            ("f2", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, C));
        Assert.Equal(ElfSample.TextOffset + 0x10, Find(elf, "f@V1"));
        Assert.Equal(ElfSample.TextOffset + 0x20, Find(elf, "f@@V2"));
        Assert.Equal(ElfSample.TextOffset + 0x20, Find(elf, "f"));
    }

    [Fact]
    public void Two_different_functions_of_one_name_are_ambiguous()
    {
        var elf = new ElfSample();
        elf.AddSymbols(
            ElfSectionType.SymbolTable,
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Local, elf.Text, A),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Local, elf.Text, B));
        Assert.Equal(BpfDiagnosticId.AmbiguousFunction, Refusal(elf, "f").Id);
    }

    [Fact]
    public void Of_several_old_versions_and_a_new_one_the_new_one_counts_wherever_it_is()
    {
        var elf = new ElfSample();
        elf.AddSymbols(
            ElfSectionType.DynamicSymbols,
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, B),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A));
        elf.AddVersions(["V1", "V2", "V3"], 0x8002, 0x8003, 4);
        Assert.Equal(ElfSample.TextOffset + 0x10, Find(elf, "f"));
    }

    [Theory]
    [InlineData(ElfSymbolBinding.Weak, ElfSymbolBinding.Global, 0x20)]
    [InlineData(ElfSymbolBinding.Global, ElfSymbolBinding.Weak, 0x10)]
    [InlineData(ElfSymbolBinding.Weak, ElfSymbolBinding.Weak, 0x10)]
    public void A_weak_function_yields(ElfSymbolBinding first, ElfSymbolBinding second, ulong offset)
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.SymbolTable, ("f", ElfSymbolType.Function, first, elf.Text, A), ("f", ElfSymbolType.Function, second, elf.Text, B));
        Assert.Equal(ElfSample.TextOffset + offset, Find(elf, "f"));
    }

    [Fact]
    public void Names_of_the_same_place_are_not_ambiguous_and_others_are_not_functions()
    {
        var elf = new ElfSample();
        elf.AddSymbols(
            ElfSectionType.SymbolTable,
            ("f", ElfSymbolType.Object, ElfSymbolBinding.Global, elf.Text, C),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, 0, C), // undefined
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, 0xfff1, C), // absolute
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A),
            ("f", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A));
        Assert.Equal(ElfSample.TextOffset + 0x10, Find(elf, "f"));
    }

    [Fact]
    public void A_missing_function_names_close_ones_and_says_when_the_file_is_stripped()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.DynamicSymbols, ("uprobe_target_add", ElfSymbolType.Function, ElfSymbolBinding.Global, elf.Text, A));
        BpfAttachException error = Refusal(elf, "uprobe_traget_add");
        Assert.Equal((BpfDiagnosticId.NoSuchSymbol, Errno.ENOENT), (error.Id, error.Errno));
        Assert.Equal(["uprobe_target_add"], error.CloseNames);
        Assert.Contains("stripped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_indirect_function_is_explained()
    {
        var elf = new ElfSample();
        elf.AddSymbols(ElfSectionType.DynamicSymbols, ("memcpy", ElfSymbolType.IndirectFunction, ElfSymbolBinding.Global, elf.Text, A));
        Assert.Contains("IFUNC", Refusal(elf, "memcpy").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_match_is_an_error()
    {
        BinaryImage image = new ElfSample().ToImage();
        var error = Assert.Throws<BpfAttachException>(() => BinarySymbols.FindPattern(image, "x*"));
        Assert.Equal(BpfDiagnosticId.NoMatch, error.Id);
    }

    [Fact]
    public void Missing_and_foreign_files_are_named()
    {
        Assert.Equal(BpfDiagnosticId.NoSuchBinary, Assert.Throws<BpfAttachException>(() => BinaryImage.Open("/nonexistent/binary")).Id);
        using var file = new TemporaryFile("#!/bin/sh\n"u8);
        Assert.Equal(BpfDiagnosticId.BadBinary, Assert.Throws<BpfAttachException>(() => BinaryImage.Open(file.Path)).Id);
    }

    [Fact]
    public void Every_function_of_the_C_library_is_where_the_dynamic_linker_finds_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc/self/maps");
        ProcessMapping[] library = [.. ProcessMaps.Read(Environment.ProcessId).Where(m => Path.GetFileName(m.Path).StartsWith("libc.", StringComparison.Ordinal))];
        Assert.SkipWhen(library.Length == 0, "no C library of that name is mapped");
        using BinaryImage image = BinaryImage.Open(library[0].Path);
        nint handle = NativeLibrary.Load(library[0].Path);
        int compared = 0;
        BinarySymbolTable table = image.DynamicSymbols!;
        // Of an indirect function the linker gives an implementation, which has another name.
        var indirect = table.All().Where(s => s.Type == ElfSymbolType.IndirectFunction).Select(s => Encoding.UTF8.GetString(table.NameOf(s))).ToHashSet();
        foreach (BinaryFunction function in FunctionWalk.Read(image, table, _ => true))
        {
            if (indirect.Contains(function.Name) || !NativeLibrary.TryGetExport(handle, function.Name, out nint address)) continue;
            // Another library may offer the function in front of this one.
            ProcessMapping? code = library.Cast<ProcessMapping?>().FirstOrDefault(m => (ulong)address >= m!.Value.Start && (ulong)address < m.Value.End);
            if (code is not ProcessMapping mapping) continue;
            Assert.Equal((function.Name, (ulong)address - mapping.Start + mapping.Offset), (function.Name, BinarySymbols.FindFunction(image, function.Name)));
            compared++;
        }

        Assert.True(compared > 1000, $"only {compared} functions were compared");
    }

    private static ulong Find(ElfSample elf, string name) => BinarySymbols.FindFunction(elf.ToImage(), name);

    private static BpfAttachException Refusal(ElfSample elf, string name) => Assert.Throws<BpfAttachException>(() => Find(elf, name));
}
