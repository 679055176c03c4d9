using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Many programs that call one large function: each has a copy of it, and they are not all held at once.</summary>
public class LargeProgramTests
{
    private const int Programs = 100, Large = 100_000; // 80 MB when all are linked
    private const long Bound = 40 << 20;

    private static readonly BpfInstruction Exit = new(BpfOpCode.Exit, 0, 0, 0, 0);

    private static BpfObjectFile Read()
    {
        var file = new ObjectBuilder();
        var large = new BpfInstruction[Large];
        Array.Fill(large, new BpfInstruction(BpfOpCode.Alu64, 1, 0, 0, 1));
        large[^1] = Exit;
        int text = file.AddCode(".text", large);
        int function = file.AddFunction("large", text, 0, Large);
        for (int i = 0; i < Programs; i++)
        {
            int code = file.AddCode("socket", new BpfInstruction(BpfOpCode.Alu64 | 0xb0, 1, 0, 0, i), new BpfInstruction(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -1), Exit);
            file.AddFunction($"program{i}", code, 0, 3);
            file.Relocate(code, 8, function);
        }

        return file.Read();
    }

    [Fact]
    public void Relocated_programs_are_made_when_they_are_looked_at()
    {
        BpfObjectFile file = Read();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        IReadOnlyList<BpfRelocatedProgram> relocated = file.Relocate(new TargetTypes(new BtfBuilder().ToReader()));
        Assert.Equal(Programs, relocated.Count);
        for (int i = 0; i < Programs; i++)
        {
            ReadOnlySpan<BpfInstruction> code = relocated[i].Instructions.Span;
            Assert.Null(relocated[i].Failure);
            Assert.Equal((Large + 3, i, 1, Exit), (code.Length, code[0].Immediate, code[1].Immediate, code[^1]));
            Assert.Equal([$"program{i}", "large"], relocated[i].Functions.Select(function => function.Name));
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Bound);

        // Whoever looks again, sees the same.
        Assert.True(relocated[^1].Instructions.Span.SequenceEqual(relocated[^1].Instructions.Span));
        Assert.Equal("large", relocated[^1].NameReference(1, relocated[^1].Instructions.Span[1]));
        GC.KeepAlive(relocated);
    }

    [Fact]
    public void Programs_of_a_load_are_linked_one_at_a_time()
    {
        BpfObjectFile file = Read();
        var types = new TargetTypes(new BtfBuilder().ToReader());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var linked = new LinkedPrograms(new ObjectRelocator(file, types, new AssumedFacts(file, types)));
        foreach (BpfProgramDefinition program in file.Programs) linked.Add(program);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Bound);

        // What was changed in one stays changed.
        BtfFuncInfo[] changed = [new BtfFuncInfo(0, new BtfTypeId(1))];
        int count = 0;
        foreach (LinkedProgram program in linked)
        {
            Assert.Equal((file.Programs[count], Large + 3, count), (program.Definition, program.Instructions.Length, program.Instructions[0].Immediate));
            if (++count == Programs) linked.SetFunctionInfo(program, changed);
        }

        Assert.Equal(Programs, count);
        foreach (LinkedProgram program in linked) Assert.Equal(--count == 0 ? changed : [], program.FunctionInfo);
    }

    [Fact]
    public void A_function_that_ends_in_half_a_load_fails_where_it_is_used()
    {
        var file = new ObjectBuilder();
        int code = file.AddCode("socket", new BpfInstruction(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -1), Exit, Exit);
        int text = file.AddCode(".text", Exit, new BpfInstruction(BpfOpCode.LoadImmediate64, 1, 0, 0, 7), new BpfInstruction(0, 0, 0, 0, 0), Exit);
        int cut = file.AddFunction("cut", text, 0, 2);
        file.AddFunction("whole", code, 2, 1);
        file.AddFunction("program", code, 0, 2);
        file.Relocate(code, 0, cut);
        IReadOnlyList<BpfRelocatedProgram> relocated = file.Read().Relocate(new TargetTypes(new BtfBuilder().ToReader()));
        var failure = Assert.IsType<BpfFormatException>(relocated.Single(program => program.Definition.Name == "program").Failure);
        Assert.Equal((BpfDiagnosticId.InstructionCut, ".text", 8L), (failure.Id, failure.Section, failure.Offset));
        Assert.Null(relocated.Single(program => program.Definition.Name == "whole").Failure);
    }
}
