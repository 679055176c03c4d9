using System;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Maps that one program alone may use.</summary>
public sealed class ExclusiveMapTests : KernelTest
{
    private const int MapLookup = 1;

    [Theory]
    [InlineData("hook_tc", "packets")] // a variable, beside constants
    [InlineData("maps_simple", "lpm")]
    public void A_map_is_for_its_program_and_no_other(string name, string what)
    {
        BpfObjectFile file = TestObjects.Open(name);
        string program = name == "hook_tc" ? "tc_plain" : "match";
        foreach (Objects.BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == program;
        Objects.BpfMapDefinition map = name == "hook_tc" ? file.Globals[what].Map : file.Maps[what];
        map.ExclusiveProgram = program;
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 18, 0)) < 0)
        {
            Assert.Equal("6.18", Assert.Throws<BpfNotSupportedException>(() => file.Load()).SinceKernel);
            return;
        }

        using BpfObject bpf = file.Load();
        bpf.Programs[program].TestRun(new BpfTestRunOptions { Data = new byte[64] });
        if (name == "hook_tc") Assert.Equal(1ul, bpf.Globals[what].Get<ulong>());

        BpfMap exclusive = bpf.Maps[map.Name];
        var other = new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 0).LoadMap(R1, exclusive).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapLookup).Return(0);
        string refusal = Assert.Throws<InvalidOperationException>(() => TestProgram.Load(other)).Message;
        Assert.Contains("excl_prog_hash", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        BpfObjectFile file = TestObjects.Open("hook_tc");
        Objects.BpfMapDefinition map = file.Globals["packets"].Map;
        map.ExclusiveProgram = "tc_palin";
        Assert.Contains("'tc_palin'", Assert.Throws<BpfException>(() => file.Load()).Message, StringComparison.Ordinal);
        map.ExclusiveProgram = "tc_plain";
        file.Programs["tc_plain"].AutoLoad = false;
        Assert.Contains("not loaded", Assert.Throws<BpfException>(() => file.Load()).Message, StringComparison.Ordinal);
    }
}
