using System;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>The code of programs is changed before the load, and the kernel runs what it was changed to.</summary>
public sealed class ChangedCodeTests : KernelTest
{
    private const uint XdpDrop = 1, XdpPass = 2;
    private const int LookUp = 1; // bpf_map_lookup_elem

    [Fact]
    public void The_kernel_runs_what_was_set()
    {
        BpfObjectFile file = Read();
        file.Programs["xdp_plain"].SetInstructions(
            new BpfAssembler()
                .Store(BpfAccessSize.Word, BpfRegister.R10, -4, 0)
                .LoadMapAt(BpfRegister.R1, 0)
                .Move(BpfRegister.R2, BpfRegister.R10).Alu(BpfAluOperation.Add, BpfRegister.R2, -4)
                .CallHelper(LookUp)
                .JumpIf(BpfCondition.Equal, BpfRegister.R0, 0, "end")
                .Store(BpfAccessSize.DoubleWord, BpfRegister.R0, 0, 1000)
                .Label("end").Move(BpfRegister.R0, (int)XdpDrop).Exit().ToArray(),
            [file.Maps["packets"]]);
        using BpfObject bpf = file.Load();
        Assert.Equal(XdpDrop, Run(bpf, "xdp_plain"));
        Assert.Equal(1000ul, Count(bpf));
    }

    [Fact]
    public void An_instruction_is_another_and_the_rest_stays()
    {
        BpfObjectFile file = Read();
        ReturnDrop(file.Programs["xdp_plain"]);
        using BpfObject bpf = file.Load();
        Assert.Equal(XdpDrop, Run(bpf, "xdp_plain"));
        Assert.Equal(1ul, Count(bpf));
        Assert.NotEmpty(bpf.Programs["xdp_plain"].GetCode().Lines);
    }

    [Fact]
    public void A_copy_is_loaded_beside_its_program_and_shares_its_maps()
    {
        BpfObjectFile file = Read();
        BpfProgramDefinition copy = file.AddCopy(file.Programs["xdp_plain"], "second");
        ReturnDrop(copy);
        using BpfObject bpf = file.Load();
        Assert.Equal(["xdp_plain", "second"], bpf.Programs.Select(program => program.Name));
        Assert.Equal((XdpPass, XdpDrop), (Run(bpf, "xdp_plain"), Run(bpf, "second")));
        Assert.Equal(2ul, Count(bpf));
        Assert.NotEmpty(bpf.Programs["second"].GetCode().Lines);
    }

    private static BpfObjectFile Read()
    {
        BpfObjectFile file = TestObjects.Open("hook_xdp");
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = program.Name == "xdp_plain";
        return file;
    }

    private static void ReturnDrop(BpfProgramDefinition program)
    {
        BpfInstruction pass = new BpfAssembler().Move(BpfRegister.R0, (int)XdpPass).ToArray()[0], passInWord = pass with { Code = BpfOpCode.Alu32 | (byte)BpfAluOperation.Move };
        ReadOnlySpan<BpfInstruction> code = program.Instructions.Span;
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] == pass || code[i] == passInWord) program.Replace(i, code[i] with { Immediate = (int)XdpDrop });
        }
    }

    private static uint Run(BpfObject bpf, string program) => bpf.Programs[program].TestRun(new BpfTestRunOptions { Data = new byte[64] }).ReturnValue;

    private static ulong Count(BpfObject bpf)
    {
        ulong count = 0;
        foreach (var (_, values) in bpf.Maps["packets"].AsPerCpu<uint, ulong>()) count += values.Sum();
        return count;
    }
}
