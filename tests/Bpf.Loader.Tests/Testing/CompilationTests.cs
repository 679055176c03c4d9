using System;
using System.IO;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Xunit;

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

    private static (string Outcome, bool Faults) Run(BpfInstruction[] program, int seed, long budget, BpfCompilation compilation)
    {
        var machine = new BpfMachine { Compilation = compilation, InstructionBudget = budget };
        var context = new BytesContext(ProgramGenerator.MakeContext(seed));
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
