using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Whatever the instructions are, a run ends with a result or a fault.</summary>
public sealed class MachineFuzzTests
{
    [Fact]
    public void Generated_programs_run()
    {
        var machine = new BpfMachine();
        for (int seed = 0; seed < 500; seed++)
        {
            var context = new BytesContext(ProgramGenerator.MakeContext(seed));
            context.Enter(machine);
            machine.Executor.Run(new MachineCode("generated", ProgramGenerator.Make(seed), null, machine.Memory), context, out long instructions);
            Assert.InRange(instructions, 10, 10_000);
        }
    }

    [Fact]
    public void Damaged_programs_end_with_a_result_or_a_fault()
    {
        var machine = new BpfMachine { InstructionBudget = 2000 };
        int faults = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            BpfInstruction[] program = ProgramGenerator.Make(seed);
            Damage(program, new Random(seed));
            var context = new BytesContext(ProgramGenerator.MakeContext(seed));
            faults += Run(machine, program, context) ? 0 : 1;
        }

        Assert.InRange(faults, 500, 3000);
    }

    [Theory]
    [MemberData(nameof(TestData.GoodObjects), MemberType = typeof(TestData))]
    public void Programs_of_testdata_end_with_a_result_or_a_fault_on_any_context(string name)
    {
        BpfObjectFile file;
        try
        {
            file = BpfObjectFile.Open(TestData.PathOf(name));
        }
        catch (BpfFormatException)
        {
            return; // An object that is read as something else, such as types alone.
        }

        if (file.IsForeignEndian) return;
        var machine = new BpfMachine { InstructionBudget = 20_000 };
        BpfMachineObject bpf = machine.Load(file);
        byte[] packet = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray();
        foreach (BpfMachineProgram program in bpf.Programs)
        {
            BpfContext[] contexts =
            [
                new XdpContext(packet), new SkBuffContext(packet), new BytesContext(new byte[128]), new RegisterContext(),
                new TracingContext([machine.Kernel.New("task_struct").Address, 0, 1]), new BytesContext(ProgramGenerator.MakeContext(1)),
            ];
            foreach (BpfContext context in contexts)
            {
                try
                {
                    // Past the check that its type gets such a context.
                    program.Execute(context, out _);
                }
                catch (BpfLoaderException)
                {
                    // A fault, or a program that these types do not suit.
                }
            }
        }
    }

    private static bool Run(BpfMachine machine, BpfInstruction[] program, BytesContext context)
    {
        try
        {
            context.Enter(machine);
            machine.Executor.Run(new MachineCode("damaged", program, null, machine.Memory), context, out _);
            return true;
        }
        catch (BpfMachineFault)
        {
            return false;
        }
    }

    private static void Damage(BpfInstruction[] program, Random random)
    {
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            ref BpfInstruction instruction = ref program[random.Next(program.Length)];
            switch (random.Next(5))
            {
                case 0:
                    instruction.Code = (byte)random.Next(256);
                    break;
                case 1:
                    instruction.Offset = (short)random.Next(-600, 600);
                    break;
                case 2:
                    instruction.Immediate = random.Next(2) == 0 ? random.Next(230) : random.Next(int.MinValue, int.MaxValue);
                    break;
                case 3:
                    instruction.Destination = random.Next(16);
                    break;
                default:
                    instruction.Source = random.Next(16);
                    break;
            }
        }
    }
}
