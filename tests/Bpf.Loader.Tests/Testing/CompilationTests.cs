using System;
using System.IO;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Compiled programs do what interpreted ones do.</summary>
public sealed class CompilationTests
{
    [Fact]
    public void Generated_programs_give_the_same()
    {
        for (int seed = 0; seed < 1000; seed++) Compare(seed, ProgramGenerator.Make(seed), 1_000_000);
    }

    [Fact]
    public void Damaged_programs_give_the_same_result_or_the_same_fault()
    {
        int faults = 0;
        for (int seed = 0; seed < 1500; seed++)
        {
            BpfInstruction[] program = ProgramGenerator.Make(seed);
            var random = new Random(seed);
            for (int i = 0; i < 3; i++)
            {
                ref BpfInstruction damaged = ref program[random.Next(program.Length)];
                switch (random.Next(4))
                {
                    case 0: damaged.Immediate = random.Next(-600, 600); break;
                    case 1: damaged.Offset = (short)random.Next(-600, 600); break;
                    case 2: damaged.Source = random.Next(11); break;
                    default: damaged.Destination = random.Next(11); break;
                }
            }

            if (Compare(seed, program, 20_000)) faults++;
        }

        Assert.InRange(faults, 200, 1400);
    }

    [Fact]
    public void A_budget_ends_at_the_same_instruction()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            for (int budget = 1; budget < 120; budget += 7) Compare(seed, ProgramGenerator.Make(seed), budget);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_written_on_some_ways_only_is_looked_at_before_it_is_read(int first)
    {
        // if (context[0]) stack[-8] = 1; for (r6 = 0; r6 < 4; r6++) stack[-16] += stack[-8];
        BpfInstruction[] program = new BpfAssembler().Load(BpfAccessSize.DoubleWord, R1, R1, 0).Store(BpfAccessSize.DoubleWord, R10, -16, 5).Move(R6, 0)
            .JumpIf(BpfCondition.Equal, R1, 0, "loop").Store(BpfAccessSize.DoubleWord, R10, -8, 1)
            .Label("loop").Load(BpfAccessSize.DoubleWord, R0, R10, -16).Load(BpfAccessSize.DoubleWord, R2, R10, -8).Alu(BpfAluOperation.Add, R0, R2).Store(BpfAccessSize.DoubleWord, R10, -16, R0)
            .Alu(BpfAluOperation.Add, R6, 1).JumpIf(BpfCondition.Less, R6, 4, "loop").Exit().ToArray();
        byte[] context = new byte[8];
        context[0] = (byte)first;
        (string interpreted, bool faults) = Run(program, context, 1000, BpfCompilation.Never);
        Assert.Equal(interpreted, Run(program, context, 1000, BpfCompilation.Always).Outcome);
        Assert.Equal(first == 0, faults);
        Assert.Contains(first == 0 ? "that at R10-8 was never written" : "0x9 after", interpreted, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_on_the_stack_are_the_same_wherever_the_code_is_left()
    {
        // Programs that make no pointer to their stacks, whose numbers become local variables; each budget ends them elsewhere.
        int faults = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            BpfInstruction[] program = MakeWithNumbersOnStack(new Random(seed));
            for (int budget = 1; budget < 200; budget += 13) faults += Compare(seed, program, budget) ? 1 : 0;
            faults += Compare(seed, program, 100_000) ? 1 : 0;
        }

        Assert.InRange(faults, 1000, 6000);
    }

    private static BpfInstruction[] MakeWithNumbersOnStack(Random random)
    {
        BpfAccessSize[] sizes = [BpfAccessSize.Byte, BpfAccessSize.HalfWord, BpfAccessSize.Word, BpfAccessSize.DoubleWord];
        var code = new BpfAssembler().Move(R6, 0).Move(R0, 1);
        // Some are written before the loop, one is of two sizes, and one is read before it was written.
        for (short slot = 0; slot < 4; slot++)
        {
            if (random.Next(8) > 0) code.Store(sizes[slot], R10, (short)(-8 * (slot + 1)), random.Next(-1000, 1000));
        }

        code.Label("again");
        int steps = random.Next(4, 16);
        for (int i = 0; i < steps; i++)
        {
            int slot = random.Next(4);
            BpfAccessSize size = random.Next(20) == 0 ? BpfAccessSize.Byte : sizes[slot];
            short offset = (short)(-8 * (slot + 1));
            switch (random.Next(6))
            {
                case 0: code.Store(size, R10, offset, R0); break;
                case 1: code.Store(size, R10, offset, random.Next(-1000, 1000)); break;
                case 2: code.Load(size, R1, R10, offset).Alu(BpfAluOperation.Add, R0, R1); break;
                case 3 when size != BpfAccessSize.DoubleWord: code.LoadSigned(size, R1, R10, offset).Alu(BpfAluOperation.Xor, R0, R1); break;
                case 4: code.JumpIf(BpfCondition.AnyBitSet, R0, 1 << random.Next(8), $"over{i}").Store(size, R10, offset, R0).Label($"over{i}"); break;
                default: code.Call("function").Alu(BpfAluOperation.Multiply, R0, 31); break;
            }
        }

        return code.Alu(BpfAluOperation.Add, R6, 1).JumpIf(BpfCondition.Less, R6, 5, "again").Exit()
            .Label("function").Store(BpfAccessSize.Word, R10, -24, 77).Load(BpfAccessSize.Word, R0, R10, -24).Exit().ToArray();
    }

    [Fact]
    public void Programs_that_run_for_a_while_are_compiled()
    {
        var machine = new BpfMachine();
        BpfMachineProgram filter = machine.Load(BpfObjectFile.Open(Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.o"))).Program("filter");
        var context = new XdpContext(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray());
        filter.Execute(context);
        Assert.Null(filter.Code.Compiled);
        for (int i = 0; i < 5000; i++) filter.Execute(context);
        Assert.NotNull(filter.Code.Compiled);
        BpfRun compiled = filter.Run(context);
        machine.Compilation = BpfCompilation.Never;
        BpfRun interpreted = filter.Run(context);
        Assert.Equal((interpreted.Action, interpreted.Instructions), (compiled.Action, compiled.Instructions));
        Assert.Equal(XdpAction.Pass, compiled.Action);

        // A tracer sees every step of a compiled program as well.
        machine.Compilation = BpfCompilation.Always;
        int steps = 0;
        machine.Tracer = _ => steps++;
        Assert.Equal(filter.Run(context).Instructions, steps);
    }

    /// <returns>True when both fault.</returns>
    private static bool Compare(int seed, BpfInstruction[] program, long budget)
    {
        (string interpreted, bool faults) = Run(program, seed, budget, BpfCompilation.Never);
        (string compiled, _) = Run(program, seed, budget, BpfCompilation.Always);
        if (interpreted == compiled) return faults;
        var text = new StringWriter();
        BpfDisassembler.Write(text, program);
        Assert.Fail($"seed {seed}, budget {budget}:\ninterpreted {interpreted}\ncompiled    {compiled}\n{text}");
        return false;
    }

    private static (string Outcome, bool Faults) Run(BpfInstruction[] program, int seed, long budget, BpfCompilation compilation) =>
        Run(program, ProgramGenerator.MakeContext(seed), budget, compilation);

    private static (string Outcome, bool Faults) Run(BpfInstruction[] program, byte[] bytes, long budget, BpfCompilation compilation)
    {
        var machine = new BpfMachine { Compilation = compilation, InstructionBudget = budget };
        var context = new BytesContext(bytes);
        var code = new MachineCode("program", program, null, machine.Memory);
        context.Enter(machine);
        try
        {
            ulong result = machine.Executor.Run(code, context, out long instructions);
            Assert.Equal(compilation == BpfCompilation.Always, code.Compiled is not null);
            return ($"0x{result:x} after {instructions}, {Convert.ToHexString(context.Bytes)}", false);
        }
        catch (BpfMachineFault fault)
        {
            return ($"{fault.Message}, {Convert.ToHexString(context.Bytes)}", true);
        }
    }
}
