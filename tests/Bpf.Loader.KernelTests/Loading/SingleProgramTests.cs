using System;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>Programs that no object describes: code of the caller's, with maps of the caller's.</summary>
public sealed class SingleProgramTests : KernelTest
{
    private const int LookUp = 1, Print = 6; // bpf_map_lookup_elem, bpf_trace_printk

    [Fact]
    public void Code_is_loaded_and_run_with_its_maps()
    {
        using BpfMap other = Array("other"), table = Array("table");
        other.As<uint, ulong>()[0] = 2;
        table.As<uint, ulong>()[0] = 40;
        BpfInstruction[] code =
        [
            .. new BpfAssembler()
                .Store(BpfAccessSize.Word, BpfRegister.R10, -4, 0)
                .LoadMapAt(BpfRegister.R1, 1)
                .Move(BpfRegister.R2, BpfRegister.R10).Alu(BpfAluOperation.Add, BpfRegister.R2, -4)
                .CallHelper(LookUp)
                .JumpIf(BpfCondition.Equal, BpfRegister.R0, 0, "end")
                .Load(BpfAccessSize.DoubleWord, BpfRegister.R0, BpfRegister.R0, 0)
                .LoadMapValueAt(BpfRegister.R1, 0, 0)
                .Load(BpfAccessSize.DoubleWord, BpfRegister.R1, BpfRegister.R1, 0)
                .Alu(BpfAluOperation.Add, BpfRegister.R0, BpfRegister.R1)
                .Label("end").Exit().ToArray(),
        ];
        using BpfProgram program = BpfProgram.Load(new BpfProgramLoadOptions { Type = BpfProgramType.SocketFilter, Name = "sum-of-two", Instructions = code, Maps = [other, table] });
        Assert.Equal(42u, program.TestRun(new BpfTestRunOptions { Data = new byte[64] }).ReturnValue);
        Assert.Equal("sum-of-two", program.Name);
        BpfProgramInfo info = program.GetInfo();
        Assert.Equal((BpfProgramType.SocketFilter, "sum_of_two"), (info.Type, info.Name));
        Assert.Equivalent((uint[])[other.Id, table.Id], info.MapIds);
        Assert.Equal(BpfPseudo.MapIndex, code[1].Source); // the caller's own stays as it is
    }

    [Fact]
    public void The_verifiers_refusal_is_explained()
    {
        BpfVerifierException refused = Assert.Throws<BpfVerifierException>(() => BpfProgram.Load(Filter(new BpfAssembler().Exit())));
        Assert.Contains("R0", refused.Log, StringComparison.Ordinal);
        Assert.Equal(("filter", Errno.EACCES), (refused.ProgramName, refused.Errno));

        BpfAssembler print = new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, BpfRegister.R10, -8, 0)
            .Move(BpfRegister.R1, BpfRegister.R10).Alu(BpfAluOperation.Add, BpfRegister.R1, -8)
            .Move(BpfRegister.R2, 8)
            .CallHelper(Print)
            .Move(BpfRegister.R0, 0).Exit();
        Assert.Equal(BpfDiagnosticId.HelperNeedsGpl, Assert.Throws<BpfVerifierException>(() => BpfProgram.Load(Filter(print))).Id);
        BpfProgram.Load(Filter(print) with { License = "GPL" }).Dispose();
    }

    [Fact]
    public void What_is_not_given_or_not_there_is_named()
    {
        BpfAssembler code = new BpfAssembler().LoadMapAt(BpfRegister.R1, 0).Move(BpfRegister.R0, 0).Exit();
        Assert.Contains("map 0, and none is given", Assert.Throws<ArgumentException>(() => BpfProgram.Load(Filter(code))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BpfProgram.Load(Filter(new BpfAssembler())));

        BpfMap closed = Array("closed");
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => BpfProgram.Load(Filter(code) with { Maps = [closed] }));

        BpfAssembler nothing = new BpfAssembler().Move(BpfRegister.R0, 0).Exit();
        Assert.Throws<BpfNotSupportedException>(() => BpfProgram.Load(Filter(nothing) with { Type = (BpfProgramType)1000 }));
    }

    private static BpfProgramLoadOptions Filter(BpfAssembler code) => new() { Type = BpfProgramType.SocketFilter, Name = "filter", Instructions = code.ToArray() };

    private static BpfMap Array(string name) => BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = name, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
}
