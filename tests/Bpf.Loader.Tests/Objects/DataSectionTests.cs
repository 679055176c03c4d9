using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Variables: their places in the BTF, their values, and sections of another size.</summary>
public class DataSectionTests
{
    [Fact]
    public void Sizes_and_offsets_are_filled_in_and_sorted()
    {
        (ObjectBuilder file, BtfBuilder btf) = TwoVariables(0);
        BpfObjectFile read = file.Read();
        BtfType section = read.Btf![read.Maps[".data"].BtfValueTypeId];
        Assert.Equal(16u, section.Size);
        Assert.Equal([("first", 0u), ("second", 8u)], section.Variables.Select(place => (read.Btf[place.TypeId].Name, place.Offset)));
        Assert.True(btf.TypeCount == read.Btf.TypeCount);
        Assert.Equal(BpfMapFlags.Mmapable, read.Maps[".data"].Flags);
    }

    [Fact]
    public void The_size_that_the_static_linker_filled_in_stays_and_its_offsets_are_those_of_the_symbols()
    {
        // libbpf's linker leaves a wrong offset for what was extern or weak before it was defined.
        (ObjectBuilder file, BtfBuilder _) = TwoVariables(20);
        BpfObjectFile read = file.Read();
        BtfType section = read.Btf![read.Maps[".data"].BtfValueTypeId];
        Assert.Equal(20u, section.Size);
        Assert.Equal([0u, 8u], section.Variables.Select(place => place.Offset));
    }

    [Fact]
    public void Hidden_variables_become_static_and_are_not_mapped()
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        int section = file.AddData(".data", new byte[4]);
        file.AddVariable("secret", section, 0, 4, ElfSymbolVisibility.Hidden);
        BtfTypeId variable = btf.AddVariable("secret", BtfLinkage.Global, btf.AddInt("int", 4));
        btf.AddDataSection(".data", 0);
        btf.AddSectionVariable(new BtfSectionVariable(variable, 0, 4));
        BpfObjectFile read = file.Read();
        Assert.Equal(BtfLinkage.Static, read.Btf![variable].Linkage);
        Assert.Equal(BpfMapFlags.None, read.Maps[".data"].Flags);
        Assert.True(read.Globals["secret"].IsStatic);
    }

    [Theory]
    [InlineData("no section", BpfDiagnosticId.DataSectionMissing)]
    [InlineData("empty section", BpfDiagnosticId.DataSectionMissing)]
    [InlineData("no symbol", BpfDiagnosticId.DataSectionWithoutSymbol)]
    [InlineData("local symbol", BpfDiagnosticId.DataSectionWithoutSymbol)]
    [InlineData("no variable", BpfDiagnosticId.DataSectionEntry)]
    public void What_does_not_belong_together_is_refused(string what, BpfDiagnosticId id)
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        BtfTypeId number = btf.AddInt("int", 4);
        int section = what == "no section" ? 0 : file.AddData(".data", new byte[what == "empty section" ? 0 : 4]);
        if (what == "local symbol") file.AddSymbol("x", ElfSymbolBinding.Local, ElfSymbolType.Object, section, 0, 4);
        else if (what != "no symbol") file.AddVariable("x", section, 0, 4);
        BtfTypeId variable = btf.AddVariable("x", BtfLinkage.Global, number);
        btf.AddDataSection(".data", 0);
        btf.AddSectionVariable(new BtfSectionVariable(what == "no variable" ? number : variable, 0, 4));
        BpfFormatException e = file.Refuse();
        Assert.Equal((id, ".data"), (e.Id, e.Section));
    }

    [Fact]
    public void A_variable_outside_of_its_section_is_left_out()
    {
        (ObjectBuilder file, BtfBuilder btf) = TwoVariables(0);
        Assert.True(btf.ToReader().TryFind(".data", BtfKind.DataSection, out BtfTypeId id));
        btf.SetSectionVariable(id, 0, btf.ToReader()[id].Variables[0] with { Size = 9 });
        BpfObjectFile read = file.Read();
        Assert.Equal("first", Assert.Single(read.Globals).Name);
        Assert.Contains(read.Diagnostics, finding => finding.Id == BpfDiagnosticId.VariableOutOfRange && finding.Place.Symbol == "second");
    }

    [Fact]
    public void Without_BTF_the_symbols_tell_the_variables()
    {
        var file = new ObjectBuilder();
        int section = file.AddData(".rodata", new byte[16]);
        file.AddVariable("second", section, 8, 4);
        file.AddVariable("first", section, 0, 8);
        file.AddSymbol("mine", ElfSymbolBinding.Local, ElfSymbolType.Object, section, 12, 4);
        BpfObjectFile read = file.Read();
        Assert.Equal([("first", 0u, 8u, false), ("second", 8u, 4u, false), ("mine", 12u, 4u, true)], read.Globals.Select(global => (global.Name, global.Offset, global.Size, global.IsStatic)));
        Assert.All(read.Globals, global => Assert.True(global.IsReadOnly && global.TypeId.IsVoid));
    }

    [Fact]
    public void Initial_values_are_read_and_set()
    {
        (ObjectBuilder file, BtfBuilder _) = TwoVariables(0);
        BpfObjectFile read = file.Read();
        BpfGlobal first = read.Globals["first"];
        Assert.Equal(0x0706050403020100ul, BitConverter.IsLittleEndian ? first.Get<ulong>() : 0x0706050403020100ul);
        first.Set(0x1122334455667788);
        Assert.Equal(0x1122334455667788, first.Get<long>());
        Assert.Equal(BitConverter.GetBytes(0x1122334455667788), read.Maps[".data"].InitialValue.Span[..8].ToArray());
        Assert.Throws<ArgumentException>(() => first.Set(1));
        Assert.Throws<ArgumentException>(() => first.Get<byte>());
    }

    [Fact]
    public void Values_of_the_other_byte_order_are_bytes_only()
    {
        BpfObjectFile foreign = BpfObjectFile.Open(TestData.PathOf(BitConverter.IsLittleEndian ? "be/data_globals.bpf.o" : "data_globals.bpf.o"));
        BpfGlobal global = foreign.Globals.First(global => global.Size == 4);
        Assert.Throws<InvalidOperationException>(() => global.Get<int>());
        Assert.Equal(4, global.Bytes.Length);
    }

    [Fact]
    public void A_section_that_ends_with_an_array_grows_with_it()
    {
        BpfObjectFile read = ArrayAtTheEnd();
        BpfMapDefinition map = read.Maps[".data"];
        BpfGlobal last = read.Globals["numbers"];
        read.Globals["first"].Set(7);
        map.ValueSize = 40;

        Assert.Equal(40, map.InitialValue.Length);
        Assert.Equal((36u, 36), (last.Size, last.Bytes.Length));
        Assert.Equal(7, read.Globals["first"].Get<int>());
        BtfType section = read.Btf![map.BtfValueTypeId];
        Assert.Equal((40u, 36u, 36u), (section.Size, section.Variables[1].Size, read.Btf.SizeOf(last.TypeId)));
        Assert.Equal(9u, read.Btf[last.TypeId].Array.Count);
        Assert.DoesNotContain(read.Diagnostics, finding => finding.Severity != BpfSeverity.Info);

        map.ValueSize = 8;
        Assert.Equal((4u, 8), (last.Size, map.InitialValue.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.ValueSize = 0);
    }

    [Theory]
    [InlineData(41u)]
    [InlineData(3u)]
    public void A_section_of_a_size_that_fits_no_array_goes_without_a_type(uint size)
    {
        BpfObjectFile read = ArrayAtTheEnd();
        BpfMapDefinition map = read.Maps[".data"];
        map.ValueSize = size;
        Assert.Equal((size, (int)size, true), (map.ValueSize, map.InitialValue.Length, map.BtfValueTypeId.IsVoid));
        Assert.Contains(read.Diagnostics, finding => finding.Id == BpfDiagnosticId.ResizedWithoutType);
    }

    [Fact]
    public void A_section_without_an_array_goes_without_a_type()
    {
        (ObjectBuilder file, BtfBuilder _) = TwoVariables(0);
        BpfMapDefinition map = file.Read().Maps[".data"];
        map.ValueSize = 24;
        Assert.True(map.BtfValueTypeId.IsVoid);
    }

    // Two variables of 8 bytes in a section of 16, the second one first.
    private static (ObjectBuilder File, BtfBuilder Btf) TwoVariables(uint size)
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        int section = file.AddData(".data", [.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        file.AddVariable("first", section, 0, 8);
        file.AddVariable("second", section, 8, 8);
        BtfTypeId number = btf.AddInt("u64", 8);
        BtfTypeId first = btf.AddVariable("first", BtfLinkage.Global, number), second = btf.AddVariable("second", BtfLinkage.Global, number);
        btf.AddDataSection(".data", size);
        btf.AddSectionVariable(new BtfSectionVariable(second, 0, 8));
        btf.AddSectionVariable(new BtfSectionVariable(first, 0, 8));
        return (file, btf);
    }

    private static BpfObjectFile ArrayAtTheEnd()
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        int section = file.AddData(".data", new byte[12]);
        file.AddVariable("first", section, 0, 4);
        file.AddVariable("numbers", section, 4, 8);
        BtfTypeId number = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId first = btf.AddVariable("first", BtfLinkage.Global, number), numbers = btf.AddVariable("numbers", BtfLinkage.Global, btf.AddArray(number, number, 2));
        btf.AddDataSection(".data", 0);
        btf.AddSectionVariable(new BtfSectionVariable(first, 0, 4));
        btf.AddSectionVariable(new BtfSectionVariable(numbers, 0, 8));
        return file.Read();
    }
}
