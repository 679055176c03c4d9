using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

public sealed class ProgramCodeTests : KernelTest
{
    [Fact]
    public void Functions_and_lines_are_those_of_the_source()
    {
        using BpfObject bpf = TestObjects.Load("call_subprogs");
        string[] source = File.ReadAllLines(TestObjects.PathOf("call_subprogs.bpf.c"));
        foreach (BpfProgram program in bpf.Programs)
        {
            BpfProgramCode code = program.GetCode();
            BpfProgramInfo info = program.GetInfo();
            Assert.Equal(info.XlatedLength, (uint)code.Instructions.Length * BpfInstruction.Size);
            Assert.Equal(program.Name, code.Functions[0].Name);
            // Of several functions, each has a tag of its own beside that of the whole.
            Assert.Equal(code.Functions.Count == 1, info.Tag == code.Functions[0].Tag);
            Assert.Equal(code.Functions.Select(function => function.InstructionIndex).Order(), code.Functions.Select(function => function.InstructionIndex));
            Assert.All(code.Functions, function => Assert.Contains(source, line => line.Contains(function.Name, StringComparison.Ordinal)));
            Assert.NotEmpty(code.Lines);
            Assert.All(code.Lines, line =>
            {
                Assert.InRange(line.InstructionIndex, 0, code.Instructions.Length - 1);
                if (line.FileName.EndsWith("call_subprogs.bpf.c", StringComparison.Ordinal)) Assert.Equal(source[line.Line - 1].Trim(), line.Text.Trim());
            });
        }

        Assert.Contains(bpf.Programs, program => program.GetCode().Functions.Count > 1);
    }

    [Fact]
    public void Machine_code_is_as_long_as_its_functions()
    {
        Assert.SkipUnless(File.ReadAllText("/proc/sys/net/core/bpf_jit_enable").Trim() != "0", "programs are interpreted here");
        using BpfObject bpf = TestObjects.Load("call_subprogs");
        foreach (BpfProgram program in bpf.Programs)
        {
            BpfProgramCode code = program.GetCode();
            Assert.Equal(program.GetInfo().JitedLength, (uint)code.MachineCode.Length);
            Assert.Equal(code.MachineCode.Length, code.Functions.Sum(function => function.MachineCodeLength));
            Assert.All(code.Functions, function => Assert.NotEqual(0ul, function.Address));
            Assert.All(code.Lines, line => Assert.Contains(
                code.Functions, function => line.Address >= function.Address && line.Address <= function.Address + function.MachineCodeLength));
            var text = new StringWriter();
            BpfDisassembler.Write(text, code.Instructions.Span);
            Assert.DoesNotContain("BUG_", text.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Programs_of_the_system_are_found_with_their_maps_and_those_bound_to_them()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        BpfProgram program = bpf.Programs["xdp_plain"];
        Assert.Contains(program.Id, BpfProgram.EnumerateIds());
        Assert.Equal(BpfProgram.EnumerateIds().Order(), BpfProgram.EnumerateIds());
        using BpfMap note = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "note", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        uint id = bpf.Maps["packets"].GetInfo().Id;
        Assert.Contains(id, program.GetInfo().MapIds);
        program.BindMap(note);
        Assert.Equal([id, note.GetInfo().Id], program.GetInfo().MapIds.Where(map => map == id || map == note.GetInfo().Id));
        program.BindMap(note); // a second time changes nothing
        Assert.Single(program.GetInfo().MapIds, map => map == note.GetInfo().Id);
        Assert.Equal(0u, program.GetInfo().InterfaceIndex);
    }
}
