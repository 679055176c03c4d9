using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

public class StaticProgramTests
{
    private static readonly BpfInstruction Exit = new(BpfOpCode.Exit, 0, 0, 0, 0);

    [Theory]
    [InlineData("")]
    [InlineData("be/")]
    [InlineData("clang-14/")]
    public void What_nothing_calls_is_a_program_as_its_section_says(string variant)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(variant + "odd_static_programs.bpf.o"));
        Assert.Equal(
            [("alone", BpfProgramType.SocketFilter, true), ("global", BpfProgramType.Xdp, true), ("optional", BpfProgramType.SocketFilter, false)],
            file.Programs.Select(program => (program.Name, program.Type, program.AutoLoad)));
        (BpfDiagnosticId, string?)[] Said(BpfSeverity severity) =>
            [.. file.Diagnostics.Where(finding => finding.Severity == severity).Select(finding => (finding.Id, finding.Place.Symbol))];
        Assert.Equal(
            [(BpfDiagnosticId.StaticProgram, "alone"), (BpfDiagnosticId.StaticProgram, "optional"), (BpfDiagnosticId.StaticFunction, "called"), (BpfDiagnosticId.StaticFunction, "callback")],
            Said(BpfSeverity.Info));
        Assert.Equal([(BpfDiagnosticId.StaticFunctionUnused, "no_program")], Said(BpfSeverity.Warning));
    }

    [Fact]
    public void A_function_that_only_calls_itself_is_a_program()
    {
        var file = new ObjectBuilder();
        file.AddFunction("again", file.AddCode("xdp", Call(-1), Exit), 0, 2, ElfSymbolBinding.Local);
        Assert.Equal("again", Assert.Single(file.Read().Programs).Name);
    }

    [Fact]
    public void In_a_circle_the_first_is_the_program_and_the_others_are_its_parts()
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("xdp", Call(1), Exit, Call(-3), Exit);
        file.AddFunction("a", code, 0, 2, ElfSymbolBinding.Local);
        file.AddFunction("b", code, 2, 2, ElfSymbolBinding.Local);
        BpfObjectFile read = file.Read();
        Assert.Equal("a", Assert.Single(read.Programs).Name);
        Assert.Equal("b", read.Diagnostics.Single(finding => finding.Id == BpfDiagnosticId.StaticFunction).Place.Symbol);
    }

    [Fact]
    public void What_a_static_program_calls_is_a_part_of_it()
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("xdp", Call(1), Exit, Exit);
        file.AddFunction("entry", code, 0, 2, ElfSymbolBinding.Local);
        file.AddFunction("part", code, 2, 1, ElfSymbolBinding.Local);
        Assert.Equal("entry", Assert.Single(file.Read().Programs).Name);
    }

    [Fact]
    public void Static_functions_in_text_are_no_programs()
    {
        var file = new ObjectBuilder();
        file.AddProgram("xdp", "program");
        file.AddFunction("unused", file.AddCode(".text", Exit), 0, 1, ElfSymbolBinding.Local);
        BpfObjectFile read = file.Read();
        Assert.Equal("program", Assert.Single(read.Programs).Name);
        Assert.DoesNotContain(read.Diagnostics, finding => finding.Id is BpfDiagnosticId.StaticProgram or BpfDiagnosticId.StaticFunctionUnused);
    }

    [Theory]
    [InlineData(ElfSymbolBinding.Global)]
    [InlineData(ElfSymbolBinding.Local)]
    public void Another_name_of_a_program_is_no_second_one(ElfSymbolBinding binding)
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("xdp", Exit);
        file.AddFunction("local", code, 0, 1, ElfSymbolBinding.Local);
        file.AddFunction("other", code, 0, 1, binding);
        Assert.Equal(binding == ElfSymbolBinding.Global ? "other" : "local", Assert.Single(file.Read().Programs).Name);
    }

    [Fact]
    public void What_has_no_type_does_not_stop_the_others()
    {
        var file = new ObjectBuilder();
        file.AddProgram("xdp", "program");
        file.AddFunction("inlined", file.AddCode("my_helpers", Exit), 0, 1, ElfSymbolBinding.Local);
        BpfObjectFile read = file.Read();
        Assert.Equal([("program", true), ("inlined", false)], read.Programs.Select(program => (program.Name, program.AutoLoad)));
        BpfFinding warning = read.Diagnostics.Single(finding => finding.Id == BpfDiagnosticId.SectionNameUnknown);
        Assert.Equal((BpfSeverity.Warning, "inlined"), (warning.Severity, warning.Place.Symbol));

        // Alone, it is what the object is for: the load says what is missing.
        var alone = new ObjectBuilder();
        alone.AddFunction("inlined", alone.AddCode("my_helpers", Exit), 0, 1, ElfSymbolBinding.Local);
        Assert.True(Assert.Single(alone.Read().Programs).AutoLoad);
    }

    [Fact]
    public void A_global_function_that_programs_call_from_a_section_without_a_meaning_is_not_loaded_for_itself()
    {
        var file = new ObjectBuilder();
        int helper = file.AddCode(".text.helpers", Exit), code = file.AddCode("xdp", Call(-1), Exit);
        int symbol = file.AddFunction("helper", helper, 0, 1);
        file.AddFunction("program", code, 0, 2);
        file.Relocate(code, 0, symbol, type: 10);
        BpfObjectFile read = file.Read();
        Assert.Equal([("helper", false), ("program", true)], read.Programs.Select(program => (program.Name, program.AutoLoad)));
        Assert.Contains(read.Diagnostics, finding => finding is { Id: BpfDiagnosticId.SectionNameUnknown, Severity: BpfSeverity.Warning });
        BpfRelocatedProgram linked = read.Relocate(new Bpf.Loader.Relocation.TargetTypes(new Bpf.Loader.Btf.BtfBuilder().ToReader()))[1];
        Assert.Equal(["program", "helper"], linked.Functions.Select(function => function.Name));
    }

    private static BpfInstruction Call(int distance) => new(BpfOpCode.Call, 0, BpfPseudo.Call, 0, distance);
}
