using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>What instructions refer to, by instruction and symbol.</summary>
public class CodeRelocationTests
{
    private static readonly BpfInstruction Exit = new(BpfOpCode.Exit, 0, 0, 0, 0);
    private static readonly BpfInstruction Zero = new(0, 0, 0, 0, 0);

    private static BpfInstruction Load(int immediate = 0) => new(BpfOpCode.LoadImmediate64, 1, 0, 0, immediate);

    private static BpfInstruction Call(int source = BpfPseudo.Call, int immediate = -1) => new(BpfOpCode.Call, 0, source, 0, immediate);

    [Fact]
    public void Every_kind_of_reference_is_told()
    {
        var source = new MapSource();
        source.Fields(("type", source.Number(1)));
        ObjectBuilder file = source.Build();
        BtfTypeId config = source.Btf.AddVariable("CONFIG_HZ", BtfLinkage.Extern, source.Int);
        source.Btf.AddDataSection(".kconfig", 0);
        source.Btf.AddSectionVariable(new BtfSectionVariable(config, 0, 4));
        BtfTypeId kernel = source.Btf.AddFunction("kernel", BtfLinkage.Extern, source.Btf.AddFunctionPrototype(source.Int));
        source.Btf.AddDataSection(".ksyms", 0);
        source.Btf.AddSectionVariable(new BtfSectionVariable(kernel, 0, 0));

        int text = file.AddCode(".text", Exit, Exit, Exit), data = file.AddData(".data", new byte[16]), jumps = file.AddData(".jumptables", new byte[32]);
        int code = file.AddCode("socket", Call(), Load(8), Zero, Load(), Zero, Load(4), Zero, Load(), Zero, Call(0), Load(), Zero, Load(), Zero, Exit);
        file.AddFunction("program", code, 0, 15);
        file.AddFunction("helper", text, 0, 1);
        int other = file.AddFunction("other", text, 1, 2);
        int section = file.AddSymbol("", ElfSymbolBinding.Local, ElfSymbolType.Section, text);
        int variable = file.AddVariable("variable", data, 8, 4), configSymbol = file.AddExtern("CONFIG_HZ"), kernelSymbol = file.AddExtern("kernel");
        int table = file.AddVariable("table", jumps, 8, 24);
        file.Relocate(code, 12 * 8, other);
        file.Relocate(code, 10 * 8, table);
        file.Relocate(code, 9 * 8, kernelSymbol);
        file.Relocate(code, 7 * 8, configSymbol);
        file.Relocate(code, 5 * 8, variable);
        file.Relocate(code, 3 * 8, source.Symbol);
        file.Relocate(code, 1 * 8, section);
        file.Relocate(code, 0, other, type: 10);
        BpfObjectFile read = file.Read();

        CodeRelocation[] found = read.Programs["program"].Function.Relocations;
        Assert.Equal(
            [
                (0, CodeRelocationKind.Call, 8L), (1, CodeRelocationKind.SubProgramAddress, 0L), (3, CodeRelocationKind.MapReference, 0L), (5, CodeRelocationKind.MapValue, 8L),
                (7, CodeRelocationKind.ExternLoad, 0L), (9, CodeRelocationKind.ExternCall, 0L), (10, CodeRelocationKind.InstructionArray, 8L), (12, CodeRelocationKind.SubProgramAddress, 8L),
            ],
            found.Select(relocation => (relocation.Instruction, relocation.Kind, relocation.Value)));
        Assert.Equal([text, text, text], found.Where(relocation => relocation.Kind is CodeRelocationKind.Call or CodeRelocationKind.SubProgramAddress).Select(relocation => relocation.Section));
        Assert.Same(read.Maps["map"], found[2].Map);
        Assert.Same(read.Maps[".data"], found[3].Map);
        Assert.Same(read.Externs["CONFIG_HZ"], found[4].Extern);
        Assert.Same(read.Externs["kernel"], found[5].Extern);
        Assert.Equal(24, found[6].Size);
        Assert.Equal(32, read.JumpTables.Length);
        Assert.All(found, relocation => Assert.True(read.Programs[0].Function.TryGetRelocation(relocation.Instruction, out CodeRelocation same) && same == relocation));
        Assert.False(read.Programs[0].Function.TryGetRelocation(2, out _));
    }

    [Fact]
    public void Static_functions_beside_their_callers_are_called()
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("socket", Exit, Call(), new BpfInstruction(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -3), Exit), elsewhere = file.AddCode("xdp", Exit);
        file.AddFunction("mine", code, 0, 1, ElfSymbolBinding.Local);
        file.AddFunction("program", code, 1, 3);
        int far = file.AddFunction("far", elsewhere, 0, 1, ElfSymbolBinding.Local);
        file.Relocate(code, 8, far);
        BpfObjectFile read = file.Read();
        CodeRelocation call = Assert.Single(Assert.Single(read.Programs).Function.Relocations);
        Assert.Equal((CodeRelocationKind.Call, elsewhere, 0), (call.Kind, call.Section, call.Instruction));
    }

    [Fact]
    public void Relocations_of_code_without_a_name_are_passed_over()
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("socket", Exit, Exit, Exit);
        file.AddFunction("program", code, 2, 1);
        file.Relocate(code, 8, file.AddSymbol("", ElfSymbolBinding.Local, ElfSymbolType.Section, code));
        Assert.Empty(file.Read().Programs[0].Function.Relocations);
    }

    [Fact]
    public void All_names_of_a_function_have_its_relocations()
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("socket", Load(), Zero, Exit), data = file.AddData(".data", new byte[8]);
        file.AddFunction("name", code, 0, 3);
        file.AddFunction("alias", code, 0, 3);
        file.Relocate(code, 0, file.AddVariable("x", data, 0, 8));
        Assert.All(file.Read().Programs, program => Assert.Single(program.Function.Relocations));
    }

    [Fact]
    public void A_place_between_maps_is_no_map()
    {
        var source = new MapSource();
        source.Fields(("type", source.Number(1)));
        ObjectBuilder file = source.Build();
        int code = file.AddCode("socket", Load(), Zero, Exit);
        file.AddFunction("program", code, 0, 3);
        file.Relocate(code, 0, file.AddVariable("x", source.Section, 4, 4));
        Assert.Equal((BpfDiagnosticId.BadReference, "socket"), (file.Refuse().Id, file.Refuse().Section));
    }

    [Theory, InlineData("data"), InlineData("map"), InlineData("extern"), InlineData("function")]
    public void A_load_whose_second_half_is_not_in_the_function_is_refused(string what)
    {
        var source = new MapSource();
        source.Fields(("type", source.Number(1)));
        ObjectBuilder file = source.Build();
        BtfTypeId config = source.Btf.AddVariable("CONFIG_HZ", BtfLinkage.Extern, source.Int);
        source.Btf.AddDataSection(".kconfig", 0);
        source.Btf.AddSectionVariable(new BtfSectionVariable(config, 0, 4));
        int text = file.AddCode(".text", Exit), data = file.AddData(".data", new byte[8]), code = file.AddCode("socket", Exit, Load(), Zero, Exit);
        file.AddFunction("cut", code, 0, 2);
        int symbol = what switch
        {
            "data" => file.AddVariable("x", data, 0, 8),
            "map" => source.Symbol,
            "extern" => file.AddExtern("CONFIG_HZ"),
            _ => file.AddFunction("other", text, 0, 1),
        };
        file.Relocate(code, 8, symbol);
        BpfFormatException e = file.Refuse();
        Assert.Equal((BpfDiagnosticId.InstructionCut, "socket", (long?)8), (e.Id, e.Section, e.Offset));
    }

    [Theory]
    [InlineData("arithmetic", BpfDiagnosticId.RelocationInstruction)]
    [InlineData("helper call", BpfDiagnosticId.RelocationCall)]
    [InlineData("call of data", BpfDiagnosticId.CallTarget)]
    [InlineData("call into the middle", BpfDiagnosticId.CallTarget)]
    [InlineData("call of nothing", BpfDiagnosticId.CallTarget)]
    [InlineData("address in the middle", BpfDiagnosticId.CallTarget)]
    [InlineData("undefined", BpfDiagnosticId.UndefinedSymbol)]
    [InlineData("common", BpfDiagnosticId.RelocationOutOfRange)]
    [InlineData("misplaced", BpfDiagnosticId.RelocationOutOfRange)]
    [InlineData("behind the end", BpfDiagnosticId.RelocationOutOfRange)]
    [InlineData("license", BpfDiagnosticId.BadReference)]
    [InlineData("arena without one", BpfDiagnosticId.ArenaMissing)]
    [InlineData("no symbol", BpfDiagnosticId.BadRelocation)]
    public void What_is_wrong_is_refused_with_its_own_id(string what, BpfDiagnosticId id)
    {
        var file = new ObjectBuilder();
        BpfInstruction first = what switch
        {
            "arithmetic" => new BpfInstruction(BpfOpCode.Alu64 | 0xb0, 0, 0, 0, 0),
            "helper call" => Call(source: 0, immediate: 1),
            "call of data" or "call into the middle" or "call of nothing" => Call(),
            "address in the middle" => Load(4),
            _ => Load(),
        };
        int code = file.AddCode("socket", first, Zero, Exit), text = file.AddCode(".text", Exit, Exit), data = file.AddData(".data", new byte[8]);
        file.AddFunction("program", code, 0, 3);
        int symbol = what switch
        {
            "call of data" => file.AddVariable("x", data, 0, 8),
            "call into the middle" => file.AddSymbol("f", ElfSymbolBinding.Global, ElfSymbolType.None, text, 4),
            "call of nothing" or "undefined" => file.AddSymbol("x", ElfSymbolBinding.Global, ElfSymbolType.Object, 0),
            "common" => file.AddSymbol("x", ElfSymbolBinding.Global, ElfSymbolType.Object, 0xfff2, 8, 8),
            "license" => file.AddVariable("x", file.AddData("license", (byte)'G', 0), 0, 2),
            "arena without one" => file.AddVariable("x", file.AddData(".addr_space.1", 1), 0, 1),
            "address in the middle" => file.AddFunction("f", text, 0, 2),
            "no symbol" => 1000,
            _ => file.AddVariable("x", data, 0, 8),
        };
        ulong offset = what switch { "misplaced" => 4, "behind the end" => 24, _ => 0 };
        file.Relocate(code, offset, symbol);
        BpfFormatException e = file.Refuse();
        Assert.Equal(id, e.Id);
        if (id is BpfDiagnosticId.ArenaMissing) return;
        Assert.Equal(("socket", (long?)offset), (e.Section, e.Offset));
        if (what is not ("no symbol" or "misplaced" or "behind the end" or "common")) Assert.Contains("'program', instruction 0", e.Message, StringComparison.Ordinal);
    }
}
