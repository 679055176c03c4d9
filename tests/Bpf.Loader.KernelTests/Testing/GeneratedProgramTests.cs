using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Tests.Testing;
using Xunit;

namespace Bpf.Loader.KernelTests.Testing;

/// <summary>Programs of chance, in the machine and in this kernel.</summary>
[AnyKernel]
public sealed class GeneratedProgramTests(ITestOutputHelper output) : KernelTest
{
    /// <summary>Environment variable for more programs than the few thousand of each run, or hundred on a processor that is emulated.</summary>
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("BPF_GENERATED_PROGRAMS") ?? (Processor.IsEmulated ? "300" : "2000"), CultureInfo.InvariantCulture);

    private static string? _lastRefusal;

    [Fact]
    public void The_machine_and_the_kernel_compute_the_same()
    {
        Requires.SyscallPrograms();
        var machine = new BpfMachine();
        int loaded = 0;
        for (int seed = 0; seed < Count; seed++)
        {
            BpfInstruction[] program = ProgramGenerator.Make(seed);
            byte[] context = ProgramGenerator.MakeContext(seed);
            byte[] expected = (byte[])context.Clone();
            if (!TryRunInKernel(program, expected, out uint result)) continue;
            loaded++;
            var mine = new BytesContext(context);
            var code = new MachineCode($"seed {seed}", program, null, machine.Memory);
            mine.Enter(machine);
            uint actual = (uint)machine.Executor.Run(code, mine, out _);
            if (actual == result && mine.Bytes.SequenceEqual(expected)) continue;
            Assert.Fail($"Program {seed}: R0 0x{result:x} in the kernel, 0x{actual:x} in the machine\n{Convert.ToHexString(expected)}\n{Convert.ToHexString(mine.Bytes)}\n{Print(program)}");
        }

        // Instructions of version 4, which most programs have some of, came with Linux 6.6.
        int least = KernelVersion.Current.CompareTo(new KernelVersion(6, 6, 0)) < 0 ? Count / 50 : Count * 9 / 10;
        Assert.True(loaded > least, $"the kernel took only {loaded} of {Count} programs");
    }

    [Fact]
    public void Indirect_jumps_and_ordered_accesses_do_the_same()
    {
        // Maps of places in programs came with Linux 6.19, and gotox with them; loads that acquire with 6.15.
        bool isNew = KernelVersion.Current.CompareTo(new KernelVersion(6, 19, 0)) >= 0;
        using (BpfMap? asked = TryMakeTable([0]))
        {
            if (asked is null) Assert.False(isNew, "this kernel should have maps of type InsnArray");
            Assert.SkipWhen(asked is null, "no maps of type InsnArray, which indirect jumps need, before Linux 6.19");
        }

        var machine = new BpfMachine();
        int loaded = 0, jumps = 0, count = Count / 2;
        for (int seed = 0; seed < count; seed++)
        {
            GeneratedProgram program = ProgramGenerator.MakeNewest(seed);
            byte[] context = ProgramGenerator.MakeContext(seed);
            byte[] expected = (byte[])context.Clone();
            BpfInstruction[] original = (BpfInstruction[])program.Code.Clone();
            List<BpfMap> tables = [];
            try
            {
                foreach (JumpTable table in program.Tables)
                {
                    BpfMap map = TryMakeTable(table.Targets)!;
                    tables.Add(map);
                    program.Code[table.Instruction].Immediate = map.Handle.DangerousGetHandle().ToInt32();
                }

                if (!TryRunInKernel(program.Code, expected, out uint result)) continue;
                loaded++;
                jumps += program.Tables.Count;
                var mine = new BytesContext(context);
                var code = new MachineCode($"seed {seed}", original, null, machine.Memory);
                foreach (JumpTable table in program.Tables) code[table.Instruction].Immediate = (long)CodeReferences.MakeJumpTable(machine.Memory, code, table.Targets);
                mine.Enter(machine);
                uint actual = (uint)machine.Executor.Run(code, mine, out _);
                if (actual != result || !mine.Bytes.SequenceEqual(expected))
                    Assert.Fail($"Program {seed}: R0 0x{result:x} in the kernel, 0x{actual:x} in the machine\n{Convert.ToHexString(expected)}\n{Convert.ToHexString(mine.Bytes)}\n{Print(original)}");
            }
            finally
            {
                foreach (BpfMap map in tables) map.Dispose();
            }
        }

        output.WriteLine($"{loaded} of {count} programs, {jumps} indirect jumps");
        Assert.True(loaded > count * 9 / 10, $"the kernel took only {loaded} of {count} programs: {_lastRefusal}");
        Assert.True(jumps > count, $"only {jumps} indirect jumps in {loaded} programs");
    }

    private static BpfMap? TryMakeTable(int[] targets)
    {
        BpfMap? map = null;
        try
        {
            map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.InsnArray, MaxEntries = (uint)targets.Length, Name = "table" });
            for (int i = 0; i < targets.Length; i++)
            {
                // struct bpf_insn_array_value: the instruction, and what the kernel fills in.
                byte[] value = new byte[16];
                BitConverter.TryWriteBytes(value, targets[i]);
                map.Set(BitConverter.GetBytes(i), value);
            }

            map.Freeze();
            return map;
        }
        catch (BpfException)
        {
            map?.Dispose();
            return null;
        }
    }

    private static bool TryRunInKernel(BpfInstruction[] program, byte[] context, out uint result)
    {
        result = 0;
        var assembler = new BpfAssembler();
        foreach (BpfInstruction instruction in program) assembler.Add(instruction);
        try
        {
            using TestProgram loaded = TestProgram.Load(assembler, BpfProgramType.Syscall);
            result = loaded.RunWithContext(context);
            return true;
        }
        catch (InvalidOperationException e)
        {
            _lastRefusal = e.Message;
            return false; // What a kernel's verifier does not take, such as instructions that are newer than it, is not run.
        }
    }

    private static string Print(BpfInstruction[] program)
    {
        var writer = new StringWriter();
        BpfDisassembler.Write(writer, program);
        return writer.ToString();
    }
}
