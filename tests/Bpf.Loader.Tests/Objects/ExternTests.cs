using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Externs: how they are found, laid out and told to the kernel.</summary>
public class ExternTests
{
    [Fact]
    public void Configuration_is_laid_out_by_falling_alignment_rising_size_and_name()
    {
        var btf = new BtfBuilder();
        BtfTypeId u8 = btf.AddInt("char", 1, BtfIntEncoding.Signed), u16 = btf.AddInt("u16", 2), u32 = btf.AddInt("int", 4, BtfIntEncoding.Signed), u64 = btf.AddInt("u64", 8);
        BtfTypeId flag = btf.AddInt("_Bool", 1, BtfIntEncoding.Bool), tristate = btf.AddEnum("libbpf_tristate"), text = btf.AddArray(u8, u32, 5);
        ObjectBuilder file = WithExterns(
            btf, ".kconfig",
            ("CONFIG_TEXT", text), ("CONFIG_B", u32), ("CONFIG_A", btf.AddConst(btf.AddTypedef("t", u32))), ("CONFIG_LONG", u64), ("CONFIG_FLAG", flag), ("CONFIG_SHORT", u16), ("CONFIG_TRI", tristate));
        BpfObjectFile read = file.Read();

        Assert.Equal(
            [("CONFIG_LONG", 0u), ("CONFIG_A", 8u), ("CONFIG_B", 12u), ("CONFIG_TRI", 16u), ("CONFIG_SHORT", 20u), ("CONFIG_FLAG", 22u), ("CONFIG_TEXT", 23u)],
            read.Externs.Select(item => (item.Name, item.Offset)));
        Assert.Equal(
            [KernelConfigType.Integer, KernelConfigType.Integer, KernelConfigType.Integer, KernelConfigType.Tristate, KernelConfigType.Integer, KernelConfigType.Bool, KernelConfigType.CharArray],
            read.Externs.Select(item => item.ConfigType));
        Assert.Equal([false, true, true, false, false, false, false], read.Externs.Select(item => item.IsSigned));
        Assert.Equal(Enumerable.Range(0, 7), read.Externs.Select(item => item.Index));

        BpfMapDefinition map = read.Maps[".kconfig"];
        Assert.Equal((BpfMapKind.KernelConfig, 28u, BpfMapFlags.ReadOnlyProgram | BpfMapFlags.Mmapable), (map.Kind, map.ValueSize, map.Flags));
        BtfType section = read.Btf![map.BtfValueTypeId];
        Assert.Equal(28u, section.Size);
        Assert.Equal(read.Externs.Select(item => (item.DeclarationId, item.Offset, item.Size)), section.Variables.Select(place => (place.TypeId, place.Offset, place.Size)));
        Assert.All(section.Variables, place => Assert.Equal(BtfLinkage.Global, read.Btf[place.TypeId].Linkage));
    }

    [Fact]
    public void Kernel_symbols_become_slots_that_the_kernel_takes()
    {
        var btf = new BtfBuilder();
        BtfTypeId number = btf.AddInt("unsigned int", 4);
        BtfTypeId prototype = btf.AddFunctionPrototype(number);
        btf.AddParameter(null, number);
        btf.AddParameter("named", number);
        btf.AddParameter(null, BtfTypeId.Void);
        BtfTypeId function = btf.AddFunction("bpf_do___v2", BtfLinkage.Extern, prototype);
        BtfTypeId typed = btf.AddVariable("runqueues", BtfLinkage.Extern, btf.AddStruct("rq", 8)), typeless = btf.AddVariable("init_task", BtfLinkage.Extern, btf.AddConst(BtfTypeId.Void));
        btf.AddDataSection(".ksyms", 0);
        btf.AddSectionVariable(new BtfSectionVariable(function, 0, 0));
        btf.AddSectionVariable(new BtfSectionVariable(typed, 0, 8));
        btf.AddSectionVariable(new BtfSectionVariable(typeless, 0, 0));
        var file = new ObjectBuilder { Btf = btf };
        file.AddExtern("runqueues");
        file.AddExtern("init_task", ElfSymbolBinding.Weak);
        file.AddExtern("bpf_do___v2");
        BpfObjectFile read = file.Read();

        Assert.Equal(["bpf_do___v2", "init_task", "runqueues"], read.Externs.Select(item => item.Name));
        Assert.Equal([true, false, false], read.Externs.Select(item => item.IsFunction));
        Assert.Equal([false, true, false], read.Externs.Select(item => item.IsWeak));
        Assert.Equal([false, true, false], read.Externs.Select(item => item.IsTypeless));
        Assert.Equal("bpf_do", read.Externs[0].EssentialName);
        Assert.Equal(prototype, read.Externs[0].TypeId);

        Assert.True(read.Btf!.TryFind(".ksyms", BtfKind.DataSection, out BtfTypeId id));
        BtfType section = read.Btf[id];
        Assert.Equal(12u, section.Size);
        Assert.Equal([(0u, 4u), (4u, 4u), (8u, 4u)], section.Variables.Select(place => (place.Offset, place.Size)));
        Assert.Equal(["dummy_ksym", "runqueues", "init_task"], section.Variables.Select(place => read.Btf[place.TypeId].Name));
        Assert.All(section.Variables, place => Assert.Equal((BtfLinkage.Global, number), (read.Btf[place.TypeId].Linkage, read.Btf[place.TypeId].TypeId)));
        Assert.Equal(BtfLinkage.Global, read.Btf[function].Linkage);
        Assert.Equal(["dummy_ksym", "named", ""], read.Btf[prototype].Parameters.Select(parameter => parameter.Name));
        Assert.DoesNotContain(read.Maps, map => map.Kind == BpfMapKind.KernelConfig);
    }

    [Fact]
    public void An_int_is_added_when_there_is_none()
    {
        var btf = new BtfBuilder();
        BpfObjectFile read = WithExterns(btf, ".ksyms", ("init_task", BtfTypeId.Void)).Read();
        Assert.True(read.Btf!.TryFind("int", BtfKind.Int, out BtfTypeId id));
        Assert.Equal(id, read.Btf[read.Externs[0].DeclarationId].TypeId);
    }

    [Theory]
    [InlineData("float")]
    [InlineData("struct")]
    [InlineData("bool of 2")]
    [InlineData("int of 16")]
    [InlineData("enum of another name")]
    [InlineData("array of int")]
    [InlineData("array of bool")]
    [InlineData("empty array")]
    [InlineData("pointer")]
    public void Configuration_has_few_types(string what)
    {
        var btf = new BtfBuilder();
        BtfTypeId number = btf.AddInt("int", 4, BtfIntEncoding.Signed), small = btf.AddInt("char", 1), flag = btf.AddInt("_Bool", 1, BtfIntEncoding.Bool);
        BtfTypeId type = what switch
        {
            "float" => btf.AddFloat("float", 4),
            "struct" => btf.AddStruct("s", 4),
            "bool of 2" => btf.AddInt("wide", 2, BtfIntEncoding.Bool),
            "int of 16" => btf.AddInt("__int128", 16),
            "enum of another name" => btf.AddEnum("tristate"),
            "array of int" => btf.AddArray(number, number, 4),
            "array of bool" => btf.AddArray(flag, number, 4),
            "empty array" => btf.AddArray(small, number, 0),
            _ => btf.AddPointer(number),
        };
        BpfFormatException e = WithExterns(btf, ".kconfig", ("CONFIG_X", type)).Refuse();
        Assert.Equal(BpfDiagnosticId.ExternConfigType, e.Id);
        Assert.Contains("'CONFIG_X'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no BTF", BpfDiagnosticId.ExternWithoutBtf)]
    [InlineData("not declared", BpfDiagnosticId.ExternNotDeclared)]
    [InlineData("defined", BpfDiagnosticId.ExternNotExtern)]
    [InlineData("defined function", BpfDiagnosticId.ExternNotExtern)]
    [InlineData("no section", BpfDiagnosticId.ExternWithoutSection)]
    [InlineData("another section", BpfDiagnosticId.ExternUnknownSection)]
    [InlineData("function", BpfDiagnosticId.ExternConfigFunction)]
    [InlineData("no size", BpfDiagnosticId.NoBtfSize)]
    [InlineData("no symbol", BpfDiagnosticId.ExternWithoutSymbol)]
    public void What_is_wrong_is_refused_with_its_own_id(string what, BpfDiagnosticId id)
    {
        var btf = new BtfBuilder();
        BtfTypeId number = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        ObjectBuilder file;
        switch (what)
        {
            case "no BTF" or "not declared":
                file = new ObjectBuilder { Btf = what == "no BTF" ? null : btf };
                file.AddExtern("CONFIG_X");
                break;
            case "no section":
                btf.AddVariable("CONFIG_X", BtfLinkage.Extern, number);
                file = new ObjectBuilder { Btf = btf };
                file.AddExtern("CONFIG_X");
                break;
            case "function":
                BtfTypeId function = btf.AddFunction("CONFIG_X", BtfLinkage.Extern, btf.AddFunctionPrototype(number));
                btf.AddDataSection(".kconfig", 0);
                btf.AddSectionVariable(new BtfSectionVariable(function, 0, 0));
                file = new ObjectBuilder { Btf = btf };
                file.AddExtern("CONFIG_X");
                break;
            case "no symbol":
                BtfTypeId unused = btf.AddVariable("CONFIG_UNUSED", BtfLinkage.Extern, number);
                file = WithExterns(btf, ".kconfig", ("CONFIG_X", number));
                btf.AddSectionVariable(new BtfSectionVariable(unused, 0, 4));
                break;
            default:
                file = WithExterns(btf, what == "another section" ? ".extern" : ".kconfig", ("CONFIG_X", what == "no size" ? btf.AddForward("s") : number));
                if (what == "defined") btf.SetLinkage(Variable(btf, "CONFIG_X"), BtfLinkage.Global);
                if (what == "defined function")
                {
                    file = new ObjectBuilder { Btf = btf };
                    btf.AddFunction("f", BtfLinkage.Global, btf.AddFunctionPrototype(number));
                    file.AddExtern("f");
                }

                break;
        }

        Assert.Equal(id, file.Refuse().Id);
    }

    [Fact]
    public void Only_undefined_symbols_without_a_type_are_externs()
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        file.AddSymbol("local", ElfSymbolBinding.Local, ElfSymbolType.None, 0);
        file.AddSymbol("object", ElfSymbolBinding.Global, ElfSymbolType.Object, 0);
        file.AddSymbol("", ElfSymbolBinding.Global, ElfSymbolType.None, 0);
        Assert.Empty(file.Read().Externs);
    }

    private static ObjectBuilder WithExterns(BtfBuilder btf, string section, params (string Name, BtfTypeId Type)[] externs)
    {
        var file = new ObjectBuilder { Btf = btf };
        BtfTypeId[] variables = [.. externs.Select(item => btf.AddVariable(item.Name, BtfLinkage.Extern, item.Type))];
        btf.AddDataSection(section, 0);
        BtfReader reader = btf.ToReader();
        for (int i = 0; i < externs.Length; i++)
        {
            btf.AddSectionVariable(new BtfSectionVariable(variables[i], 0, reader.TryGetSize(externs[i].Type, out uint size) ? size : 0));
            file.AddExtern(externs[i].Name);
        }

        return file;
    }

    private static BtfTypeId Variable(BtfBuilder btf, string name)
    {
        Assert.True(btf.ToReader().TryFind(name, BtfKind.Variable, out BtfTypeId id));
        return id;
    }
}
