using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>The code of a program is changed, and programs are copied, before the load.</summary>
public sealed class ChangedProgramTests
{
    private static readonly BpfInstruction ReturnValue = new BpfAssembler().Move(BpfRegister.R0, 7).ToArray()[0];

    public static TheoryData<string> RelocatedObjects => [.. TestData.GoodObjects().Select(row => row.Data).Where(name => name.StartsWith("core_", StringComparison.Ordinal) || name.StartsWith("call_", StringComparison.Ordinal) || name.StartsWith("maps_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(RelocatedObjects))]
    public void A_copy_is_relocated_as_its_program_is(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        BpfProgramDefinition[] programs = [.. file.Programs];
        foreach (BpfProgramDefinition program in programs) file.AddCopy(program, program.Name + "_copy");
        BpfRelocatedProgram[] relocated = [.. file.Clone().Relocate(CoReObject.Target("btf/moved.bpf.o"), new BpfRelocateOptions { KeepExterns = true })];
        for (int i = 0; i < programs.Length; i++)
        {
            BpfRelocatedProgram original = relocated[i], copy = relocated[programs.Length + i];
            Assert.Equal((programs[i].Name, programs[i].Name + "_copy"), (original.Definition.Name, copy.Definition.Name));
            Assert.Equal(original.Failure?.Id, copy.Failure?.Id);
            if (original.Failure is not null) continue;
            Assert.Equal(original.Instructions.ToArray(), copy.Instructions.ToArray());
            Assert.Equal(original.CoRe.Count, copy.CoRe.Count);
            Assert.Equal(original.TryFindLine(0, out BpfLocation line), copy.TryFindLine(0, out BpfLocation same));
            Assert.Equal(line.SourceText, same.SourceText);
        }
    }

    [Fact]
    public void What_is_replaced_is_not_relocated_and_the_rest_is()
    {
        var target = CoReObject.Target("btf/moved.bpf.o");
        BpfObjectFile file = Offsets();
        BpfRelocatedProgram before = file.Relocate(target).First(program => program.Definition.Name == "loads");
        int at = before.CoRe[1].Instruction;
        BpfProgramDefinition changed = file.Programs["loads"];
        Assert.Equal(before.Instructions.Length, changed.Instructions.Length);
        changed.Replace(at, ReturnValue);

        BpfRelocatedProgram after = file.Relocate(target).First(program => program.Definition.Name == "loads");
        Assert.Null(after.Failure);
        Assert.Equal(before.CoRe.Select(core => core.Instruction).Where(instruction => instruction != at), after.CoRe.Select(core => core.Instruction));
        BpfInstruction[] expected = before.Instructions.ToArray();
        expected[at] = ReturnValue;
        Assert.Equal(expected, after.Instructions.ToArray());
    }

    [Fact]
    public void Instead_of_a_reference_to_a_map_stands_one_instruction_and_one_that_does_nothing()
    {
        BpfObjectFile file = Offsets();
        BpfProgramDefinition program = file.Programs["loads"];
        BpfRelocatedProgram before = file.Relocate(CoReObject.Target("btf/same.bpf.o")).First(relocated => relocated.Definition == program);
        int at = before.References[0].Instruction;
        program.Replace(at, ReturnValue);
        BpfRelocatedProgram after = file.Relocate(CoReObject.Target("btf/same.bpf.o")).First(relocated => relocated.Definition == program);
        Assert.Equal(before.References.Count - 1, after.References.Count);
        Assert.Equal([ReturnValue, new BpfInstruction(BpfOpCode.Goto, 0, 0, 0, 0)], after.Instructions.Slice(at, 2).ToArray());
    }

    [Fact]
    public void Code_that_is_set_refers_to_the_maps_that_are_given()
    {
        BpfObjectFile file = Offsets();
        BpfProgramDefinition program = file.Programs["loads"];
        BpfMapDefinition memory = file.Maps[".bss"];
        program.SetInstructions(new BpfAssembler().LoadMapValueAt(BpfRegister.R1, 0, 24).LoadMapAt(BpfRegister.R2, 0).Move(BpfRegister.R0, 0).Exit().ToArray(), [memory]);
        BpfRelocatedProgram relocated = file.Clone().Relocate(CoReObject.Target("btf/same.bpf.o")).First(one => one.Definition.Name == "loads");
        Assert.Null(relocated.Failure);
        Assert.Equal(6, relocated.Instructions.Length);
        Assert.Empty(relocated.CoRe);
        Assert.Equal(
            [(0, BpfReferenceKind.MapValue, ".bss", 24u), (2, BpfReferenceKind.Map, ".bss", 0u)],
            relocated.References.Select(reference => (reference.Instruction, reference.Kind, reference.Map!.SectionName, reference.Offset)));
    }

    [Fact]
    public void Changes_stay_where_they_are_made()
    {
        BpfObjectFile file = Offsets(), other = file.Clone();
        BpfProgramDefinition copy = file.AddCopy(file.Programs["loads"], "second");
        BpfInstruction[] before = file.Programs["loads"].Instructions.ToArray();
        copy.Replace(before.Length - 1, ReturnValue);
        Assert.Equal(before, file.Programs["loads"].Instructions.ToArray());
        file.Programs["loads"].SetInstructions([ReturnValue, new BpfAssembler().Exit().ToArray()[0]]);
        Assert.Equal(before, other.Programs["loads"].Instructions.ToArray());
        Assert.Equal(before.Length, copy.Instructions.Length);
        Assert.Equal(2, file.Programs["loads"].InstructionCount);
        Assert.Equal(["second"], file.Programs.Select(program => program.Name).Except(other.Programs.Select(program => program.Name)));
    }

    [Fact]
    public void What_makes_no_program_is_refused()
    {
        BpfObjectFile file = Offsets();
        BpfProgramDefinition program = file.Programs["loads"];
        int load = program.Instructions.ToArray().ToList().FindIndex(instruction => instruction.IsLoadImmediate64);
        Assert.Throws<ArgumentOutOfRangeException>(() => program.Replace(program.InstructionCount, ReturnValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => program.Replace(-1, ReturnValue));
        Assert.Contains("second half", Assert.Throws<ArgumentException>(() => program.Replace(load + 1, ReturnValue)).Message, StringComparison.Ordinal);
        Assert.Contains("takes two", Assert.Throws<ArgumentException>(() => program.Replace(0, program.Instructions.Span[load])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => program.SetInstructions([]));
        Assert.Contains("map 1", Assert.Throws<ArgumentException>(() => program.SetInstructions(new BpfAssembler().LoadMapAt(BpfRegister.R1, 1).Exit().ToArray(), [file.Maps[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("refers to a function", Assert.Throws<ArgumentException>(() => program.SetInstructions(new BpfAssembler().Label("own").Call("own").Exit().ToArray())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => file.AddCopy(program, "offsets"));
        Assert.Throws<ArgumentException>(() => file.AddCopy(Offsets().Programs["loads"], "new"));
    }

    private static BpfObjectFile Offsets() => BpfObjectFile.Open(TestData.PathOf("core_offset.bpf.o"));
}
