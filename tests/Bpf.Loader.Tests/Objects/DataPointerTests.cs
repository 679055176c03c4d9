using System;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

public class DataPointerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("be/")]
    [InlineData("clang-14/")]
    public void Each_variable_is_named_with_what_its_pointers_are_for_and_what_to_do(string variant)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(variant + "data_pointers.bpf.o"));
        BpfFinding[] found = [.. file.Diagnostics.Where(finding => finding.Id == BpfDiagnosticId.DataPointersIgnored)];
        Assert.All(found, finding => Assert.Equal(BpfSeverity.Warning, finding.Severity));
        Assert.Equal(["entries", "map", "names", "table"], found.Select(finding => finding.Place.Symbol).Order());

        string Of(string variable) => found.Single(finding => finding.Place.Symbol == variable).Message;
        Assert.Contains(
            "entries[0].name should point to the variable 'zero[0]', entries[1].name to the variable 'one[0]', entries[1].ops.run to the function 'twice'.", Of("entries"),
            StringComparison.Ordinal);
        Assert.Contains("table[0] should point to the variable 'first', table[1] to the variable 'values[2]', table[2] to the variable 'values[3]'.", Of("table"), StringComparison.Ordinal);
        Assert.Contains("names[2] to the variable 'zero[0]', and 2 more.", Of("names"), StringComparison.Ordinal);
        Assert.Contains("map should point to the map 'counts'.", Of("map"), StringComparison.Ordinal);
        Assert.Contains("BPF_MAP_TYPE_PROG_ARRAY", Of("entries"), StringComparison.Ordinal);
        Assert.Contains("BPF_MAP_TYPE_ARRAY_OF_MAPS", Of("map"), StringComparison.Ordinal);
        Assert.Contains("switch", Of("table"), StringComparison.Ordinal);
        Assert.Equal(".data.maps", found.Single(finding => finding.Place.Symbol == "map").Place.Section);
    }

    [Fact]
    public void Without_types_the_symbols_name_the_variables()
    {
        var file = new ObjectBuilder();
        int data = file.AddData(".data", new byte[32]), bss = file.Add(".bss", ElfSectionType.NoBits, ElfSectionFlags.Write, [], size: 16);
        file.AddVariable("table", data, 0, 16);
        int target = file.AddVariable("target", bss, 8, 8);
        file.Relocate(data, 8, target);
        file.Relocate(data, 24, target);
        string[] said = [.. file.Read().Diagnostics.Where(finding => finding.Id == BpfDiagnosticId.DataPointersIgnored).Select(finding => finding.Message)];
        Assert.Equal(2, said.Length);
        Assert.Contains("'table' are not filled in: table+8 should point to the variable 'target'.", said[0], StringComparison.Ordinal);
        Assert.Contains("a constant that the compiler made", said[1], StringComparison.Ordinal);
        Assert.Contains(".data+0x18 should point to the variable 'target'", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_an_array_is_not_the_variable_behind_it()
    {
        var file = new ObjectBuilder();
        byte[] addends = new byte[16];
        addends[0] = 8;
        int data = file.AddData(".data", addends), bss = file.Add(".bss", ElfSectionType.NoBits, ElfSectionFlags.Write, [], size: 16);
        file.AddVariable("bounds", data, 0, 16);
        int array = file.AddVariable("array", bss, 0, 8), next = file.AddVariable("next", bss, 8, 8);
        file.Relocate(data, 0, array);
        file.Relocate(data, 8, next);
        string said = file.Read().Diagnostics.Single(finding => finding.Id == BpfDiagnosticId.DataPointersIgnored).Message;
        Assert.Contains("bounds should point to the end of the variable 'array', bounds+8 to the variable 'next'.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_and_static_functions_are_found_by_section_and_offset()
    {
        var file = new ObjectBuilder();
        byte[] addends = new byte[24];
        BitConverter.TryWriteBytes(addends, 5ul);
        BitConverter.TryWriteBytes(addends.AsSpan(8), 8ul);
        int data = file.AddData(".data", addends);
        int texts = file.Add(".rodata.str1.1", ElfSectionType.ProgramBits, ElfSectionFlags.Allocate | ElfSectionFlags.Merge | ElfSectionFlags.Strings, [.. "zero\0one\0a text that is so long that nobody wants to read it\0"u8]);
        int code = file.AddCode(".text", new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0), new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0));
        file.AddFunction("first", code, 0, 1, ElfSymbolBinding.Local);
        file.AddFunction("second", code, 1, 1, ElfSymbolBinding.Local);
        file.AddVariable("table", data, 0, 24);
        file.Relocate(data, 0, file.AddSymbol("", ElfSymbolBinding.Local, ElfSymbolType.Section, texts));
        file.Relocate(data, 8, file.AddSymbol("", ElfSymbolBinding.Local, ElfSymbolType.Section, code));
        file.Relocate(data, 16, file.AddSymbol(".L.str", ElfSymbolBinding.Local, ElfSymbolType.Object, texts, 9, 10));
        string said = file.Read().Diagnostics.Single(finding => finding.Id == BpfDiagnosticId.DataPointersIgnored).Message;
        Assert.Contains("table should point to the text \"one\", table+8 to the function 'second', table+16 to the text \"a text that is so long that nobo...\".", said, StringComparison.Ordinal);
        Assert.Contains("const char names[][16]", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_relocations_of_data_stop_nothing_because_nothing_is_done_with_them()
    {
        var file = new ObjectBuilder();
        int data = file.AddData(".data", new byte[8]);
        file.AddVariable("x", data, 0, 8);
        file.Relocate(data, 0, 1000);
        file.Relocate(data, ulong.MaxValue - 3, 0);
        Assert.Equal(2, file.Read().Diagnostics.Count(finding => finding.Id == BpfDiagnosticId.DataPointersIgnored));
    }
}
