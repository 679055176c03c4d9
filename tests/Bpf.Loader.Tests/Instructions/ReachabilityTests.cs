using System.Linq;
using Bpf.Loader.Instructions;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Instructions;

public class ReachabilityTests
{
    [Theory]
    [InlineData(BpfCondition.Equal, 0, 0, true)]
    [InlineData(BpfCondition.Equal, 1, 0, false)]
    [InlineData(BpfCondition.NotEqual, 1, 0, true)]
    [InlineData(BpfCondition.Greater, -1, 5, true)]
    [InlineData(BpfCondition.SignedGreater, -1, 5, false)]
    [InlineData(BpfCondition.GreaterOrEqual, 5, 5, true)]
    [InlineData(BpfCondition.Less, 4, -1, true)]
    [InlineData(BpfCondition.LessOrEqual, 6, 5, false)]
    [InlineData(BpfCondition.SignedGreaterOrEqual, 5, 5, true)]
    [InlineData(BpfCondition.SignedLess, -1, 0, true)]
    [InlineData(BpfCondition.SignedLessOrEqual, 1, 0, false)]
    [InlineData(BpfCondition.AnyBitSet, 6, 2, true)]
    [InlineData(BpfCondition.AnyBitSet, 6, 1, false)]
    public void A_branch_between_constants_goes_one_way(BpfCondition condition, int left, int right, bool taken)
    {
        BpfAssembler code = new BpfAssembler().Move(R1, left).JumpIf(condition, R1, right, "there").Move(R0, 0).Exit().Label("there").Move(R0, 1).Exit();
        bool[] reached = Find(code);
        Assert.Equal([true, true, !taken, !taken, taken, taken], reached);
    }

    [Fact]
    public void A_branch_on_what_a_call_returns_goes_both_ways()
    {
        BpfAssembler code = new BpfAssembler().Move(R0, 0).CallHelper(7).JumpIf(BpfCondition.Equal, R0, 0, "there").Move(R0, 0).Exit().Label("there").Exit();
        Assert.DoesNotContain(false, Find(code));
    }

    [Fact]
    public void Ways_that_meet_know_what_both_know()
    {
        // R6 is 1 on one way and 2 on the other; R7 is 3 on both.
        BpfAssembler code = new BpfAssembler()
            .CallHelper(7).Move(R7, 3).Move(R6, 1).JumpIf(BpfCondition.Equal, R0, 0, "meet").Move(R6, 2)
            .Label("meet").JumpIf(BpfCondition.Equal, R6, 1, "end").Move(R0, 0).JumpIf(BpfCondition.Equal, R7, 3, "end").Move(R0, 9).Label("end").Exit();
        bool[] reached = Find(code);
        Assert.Equal([8], Enumerable.Range(0, reached.Length).Where(index => !reached[index]));
    }

    [Fact]
    public void Nothing_is_reached_through_an_instruction_that_ends_its_way()
    {
        BpfInstruction[] code = new BpfAssembler().Move(R0, 0).Move(R0, 1).Exit().ToArray();
        Assert.Equal([true, true, false], BpfReachability.Find(code, [false, true, false]));
    }

    [Fact]
    public void Loops_end()
    {
        BpfAssembler code = new BpfAssembler().Move(R1, 0).Label("again").Alu(BpfAluOperation.Add, R1, 1).JumpIf(BpfCondition.NotEqual, R1, 9, "again").Move(R0, 0).Exit();
        Assert.DoesNotContain(false, Find(code));
    }

    private static bool[] Find(BpfAssembler assembler)
    {
        BpfInstruction[] code = assembler.ToArray();
        return BpfReachability.Find(code, new bool[code.Length]);
    }
}
