using System;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>What sections are for, and what makes a file no object.</summary>
public class SectionTests
{
    [Fact]
    public void A_file_that_is_missing_or_no_file_is_refused()
    {
        string missing = Path.Combine(Path.GetTempPath(), "there-is-no-such-object.bpf.o");
        BpfFormatException e = Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open(missing));
        Assert.Equal(BpfDiagnosticId.Unreadable, e.Id);
        Assert.Contains(missing, e.Message, StringComparison.Ordinal);
        Assert.Equal(BpfDiagnosticId.Unreadable, Assert.Throws<BpfFormatException>(() => BpfObjectFile.Open(Path.GetTempPath())).Id);
    }

    [Theory]
    [InlineData(ElfFileType.Executable, ElfMachine.Bpf)]
    [InlineData(ElfFileType.Relocatable, ElfMachine.X64)]
    public void Other_kinds_of_ELF_are_refused(ElfFileType type, ElfMachine machine)
    {
        BpfFormatException e = new ObjectBuilder { Type = type, Machine = machine }.Refuse();
        Assert.Equal((BpfDiagnosticId.NotBpf, 16L), (e.Id, e.Offset));
    }

    [Fact]
    public void Machine_0_is_what_old_compilers_wrote() => Assert.Empty(new ObjectBuilder { Machine = ElfMachine.None }.Read().Programs);

    [Fact]
    public void There_is_one_symbol_table()
    {
        Assert.Equal(BpfDiagnosticId.NoSymbolTable, new ObjectBuilder { HasSymbolTable = false }.Refuse().Id);
        var two = new ObjectBuilder();
        two.Add(".symtab2", ElfSectionType.SymbolTable, 0, new byte[24], entrySize: 24);
        Assert.Equal(BpfDiagnosticId.SeveralSymbolTables, two.Refuse().Id);
    }

    [Theory]
    [InlineData("GPL\0", "GPL")]
    [InlineData("GPL", "GPL")]
    [InlineData("Dual MIT/GPL\0\0\0", "Dual MIT/GPL")]
    public void The_license_ends_at_its_NUL(string text, string license)
    {
        var file = new ObjectBuilder();
        file.AddData("license", Encoding.UTF8.GetBytes(text));
        Assert.Equal(license, file.Read().License);
        Assert.Empty(file.Read().Diagnostics);
    }

    [Fact]
    public void A_long_license_is_cut_as_libbpf_cuts_it()
    {
        var file = new ObjectBuilder();
        file.AddData("license", Encoding.UTF8.GetBytes(new string('x', 100)));
        Assert.Equal(63, file.Read().License.Length);
    }

    [Fact]
    public void Without_a_license_the_object_is_not_for_GPL_helpers()
    {
        BpfObjectFile file = new ObjectBuilder().Read();
        Assert.Equal("", file.License);
        Assert.Equal(BpfDiagnosticId.NoLicense, Assert.Single(file.Diagnostics).Id);

        var empty = new ObjectBuilder();
        empty.AddData("license");
        Assert.Equal((BpfDiagnosticId.EmptyLicense, "license"), (empty.Refuse().Id, empty.Refuse().Section));
    }

    [Fact]
    public void The_version_is_a_number_of_four_bytes()
    {
        var file = new ObjectBuilder();
        file.AddData("version", BitConverter.GetBytes(0x060c01));
        Assert.Equal(0x060c01u, file.Read().KernelVersion);
        Assert.Null(new ObjectBuilder().Read().KernelVersion);

        var wrong = new ObjectBuilder();
        wrong.AddData("version", 1, 2);
        Assert.Equal(BpfDiagnosticId.BadVersion, wrong.Refuse().Id);
    }

    [Theory]
    [InlineData(".BTF")]
    [InlineData(".BTF.ext")]
    public void BTF_is_ordinary_data(string name)
    {
        var file = new ObjectBuilder();
        file.Add(name, ElfSectionType.Note, 0, [1, 2, 3]);
        Assert.Equal((BpfDiagnosticId.BadBtfSection, name), (file.Refuse().Id, file.Refuse().Section));
    }

    [Fact]
    public void BTF_that_cannot_be_read_is_ignored_as_long_as_nothing_needs_it()
    {
        var file = new ObjectBuilder();
        file.AddProgram("socket", "program");
        file.AddData(".BTF", 1, 2, 3);
        file.AddData(".BTF.ext", 1, 2, 3);
        BpfObjectFile read = file.Read();
        Assert.Null(read.Btf);
        Assert.Null(read.BtfExt);
        Assert.Equal([BpfDiagnosticId.NoLicense, BpfDiagnosticId.BtfIgnored, BpfDiagnosticId.BtfExtIgnored], read.Diagnostics.Select(finding => finding.Id));

        var bad = new ObjectBuilder { Btf = new BtfBuilder() };
        bad.AddData(".BTF.ext", 1, 2, 3);
        Assert.Contains(bad.Read().Diagnostics, finding => finding.Id == BpfDiagnosticId.BtfExtIgnored);

        var needed = new ObjectBuilder();
        needed.AddData(".BTF", 1, 2, 3);
        needed.AddData(".maps", 1, 2, 3);
        Assert.InRange((int)needed.Refuse().Id, 2000, 2999);
    }

    [Fact]
    public void What_is_nothing_for_BPF_is_skipped_and_said()
    {
        var file = new ObjectBuilder();
        file.AddData("license", (byte)'G', 0);
        file.AddData(".llvm_stuff", 1);
        file.AddData(".debug_info", 1);
        file.Add(".llvm_addrsig", ElfSectionType.LlvmAddressSignificance, 0, [1]);
        file.Add(".text", ElfSectionType.ProgramBits, ElfSectionFlags.Executable, []);
        int rodata = file.AddData(".rodata", 1, 2, 3, 4, 5, 6, 7, 8);
        file.Relocate(rodata, 0, file.AddVariable("x", rodata, 0, 8));
        BpfObjectFile read = file.Read();
        Assert.Equal([BpfDiagnosticId.SectionSkipped, BpfDiagnosticId.DataPointersIgnored], read.Diagnostics.Select(finding => finding.Id));
        Assert.Equal([".llvm_stuff", ".rodata"], read.Diagnostics.Select(finding => finding.Place.Section));
    }

    [Fact]
    public void Relocations_are_for_a_section_that_exists()
    {
        var file = new ObjectBuilder();
        file.Add(".relx", ElfSectionType.Relocations, 0, new byte[16], info: 99, entrySize: 16);
        Assert.Equal((BpfDiagnosticId.BadRelocationTarget, ".relx"), (file.Refuse().Id, file.Refuse().Section));

        var sized = new ObjectBuilder();
        int code = sized.AddProgram("socket", "program");
        sized.Add(".relsocket", ElfSectionType.Relocations, 0, new byte[24], info: (uint)code, entrySize: 24);
        Assert.Equal(BpfDiagnosticId.BadRelocation, sized.Refuse().Id);
    }

    [Fact]
    public void Data_sections_become_maps()
    {
        var file = new ObjectBuilder();
        file.AddData(".data", 1, 2, 3);
        file.AddData(".rodata.fixed", 4, 5);
        file.Add(".bss", ElfSectionType.NoBits, ElfSectionFlags.Write, [], size: 1 << 30);
        file.AddData(".datatype", 1);
        BpfObjectFile read = file.Read(new BpfOpenOptions { ObjectName = "a-long-name" });

        Assert.Equal(["a_long_n.data", ".rodata.fixed", "a_long_n.bss"], read.Maps.Select(map => map.Name));
        Assert.Equal([BpfMapFlags.None, BpfMapFlags.ReadOnlyProgram, BpfMapFlags.None], read.Maps.Select(map => map.Flags));
        Assert.Equal([1, 2, 3], read.Maps[".data"].InitialValue.ToArray());
        Assert.Same(read.Maps[1], read.Maps[".rodata.fixed"]);
        Assert.Equal(1u << 30, read.Maps[".bss"].ValueSize);
        Assert.False(read.Maps[".bss"].HasInitialValue); // a gigabyte of zeros takes no memory

        var large = new ObjectBuilder();
        large.Add(".bss", ElfSectionType.NoBits, 0, [], size: 1ul << 31);
        Assert.Equal((BpfDiagnosticId.DataSectionTooLarge, ".bss"), (large.Refuse().Id, large.Refuse().Section));
    }

    // What bpf_map__name says in libbpf 1.5 for objects with these names, but for custom sections, whose name it keeps.
    [Theory]
    [InlineData("execsnoop", ".rodata", "execsnoo.rodata")]
    [InlineData("execsnoop", ".data", "execsnoo.data")]
    [InlineData("execsnoop", ".bss", "execsnoo.bss")]
    [InlineData("execsnoop", ".kconfig", "execsno.kconfig")]
    [InlineData("a", ".bss", "a.bss")]
    [InlineData("", ".bss", ".bss")]
    [InlineData("x-y z", ".data", "x_y_z.data")]
    [InlineData("execsnoop", ".rodata.str1.1", ".rodata.str1.1")]
    [InlineData("execsnoop", ".data.a_long_name_of_mine", ".data.a_long_na")]
    [InlineData("execsnoop", ".data.ä", ".data.__")]
    public void The_names_of_data_maps_in_the_kernel(string name, string section, string kernel) =>
        Assert.Equal(kernel, DataMapReader.KernelName(name, section));

    [Theory]
    [InlineData("execsnoop.bpf.o", null, "execsnoop")]
    [InlineData("a_name_of_more_than_15.o", null, "a_name_of_more_")]
    [InlineData(null, null, "")]
    [InlineData("x.o", "given.name", "given.name")]
    public void The_name_of_an_object(string? file, string? given, string name) =>
        Assert.Equal(name, BpfObjectFile.Read(TestData.Read("execsnoop.bpf.o"), file, new BpfOpenOptions { ObjectName = given }).Name);

    [Fact]
    public void Functions_are_where_their_symbols_say()
    {
        var file = new ObjectBuilder();
        var exit = new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0);
        int code = file.AddCode("socket", exit, exit, exit, exit), text = file.AddCode(".text", exit, exit);
        file.AddFunction("second", code, 2, 2);
        file.AddFunction("first", code, 0, 1);
        file.AddFunction("helper", text, 0, 2);
        file.AddFunction("local", code, 1, 1, ElfSymbolBinding.Local);
        file.AddSymbol("label", ElfSymbolBinding.Local, ElfSymbolType.None, code, 8);
        file.AddSymbol("hidden", ElfSymbolBinding.Weak, ElfSymbolType.Function, text, 8, 8, ElfSymbolVisibility.Hidden);
        BpfFormatException e = file.Refuse();
        Assert.Equal((BpfDiagnosticId.FunctionsOverlap, ".text", 8L), (e.Id, e.Section, e.Offset));

        file = new ObjectBuilder();
        code = file.AddCode("socket", exit, exit, new BpfInstruction(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -2), exit); // "second" calls "local"
        text = file.AddCode(".text", exit, exit);
        file.AddFunction("second", code, 2, 2);
        file.AddFunction("first", code, 0, 1);
        file.AddFunction("helper", text, 0, 1);
        file.AddFunction("local", code, 1, 1, ElfSymbolBinding.Local);
        file.AddSymbol("hidden", ElfSymbolBinding.Weak, ElfSymbolType.Function, text, 8, 8, ElfSymbolVisibility.Hidden);
        BpfObjectFile read = file.Read();
        Assert.Equal(["first", "second"], read.Programs.Select(program => program.Name));
        Assert.Equal([1, 2], read.Programs.Select(program => program.InstructionCount));
        Assert.Equal(["first", "local", "second", "helper", "hidden"], read.Functions.Select(function => function.Name));
        Assert.Equal([false, true, false, true, true], read.Functions.Select(function => function.IsSubProgram));
        Assert.Equal([false, false, false, false, true], read.Functions.Select(function => function.IsHidden));
        Assert.Equal([false, false, false, false, true], read.Functions.Select(function => function.IsWeak));
        Assert.Equal("local", read.Diagnostics.Single(finding => finding.Id == BpfDiagnosticId.StaticFunction).Place.Symbol);
        Assert.Equal("second", read.FindFunction(code, 3)!.Name);
        Assert.Null(read.FindFunction(code, 4));
        Assert.Null(read.FindFunction(99, 0));
    }

    [Fact]
    public void Two_names_of_one_function_share_its_code()
    {
        var file = new ObjectBuilder();
        int code = file.AddProgram("socket", "name");
        file.AddFunction("alias", code, 0, 2);
        BpfObjectFile read = file.Read();
        Assert.Equal(["name", "alias"], read.Programs.Select(program => program.Name));
        Assert.Same(read.Functions[0].Instructions, read.Functions[1].Instructions);
    }

    [Theory]
    [InlineData(0, 24, BpfDiagnosticId.FunctionCrossesSection)]
    [InlineData(16, 8, BpfDiagnosticId.FunctionCrossesSection)]
    [InlineData(24, 0, BpfDiagnosticId.FunctionCrossesSection)]
    [InlineData(0, 0, BpfDiagnosticId.BadFunction)]
    [InlineData(0, 12, BpfDiagnosticId.BadFunction)]
    [InlineData(4, 8, BpfDiagnosticId.BadFunction)]
    public void Functions_are_whole_instructions_inside_of_their_section(int offset, int size, BpfDiagnosticId id)
    {
        var file = new ObjectBuilder();
        int code = file.AddProgram("socket", "program");
        file.AddSymbol("odd", ElfSymbolBinding.Global, ElfSymbolType.Function, code, (ulong)offset, (ulong)size);
        BpfFormatException e = file.Refuse();
        Assert.Equal((id, "socket", (long?)offset), (e.Id, e.Section, e.Offset));
        Assert.Contains("'odd'", e.Message, StringComparison.Ordinal);
    }
}
