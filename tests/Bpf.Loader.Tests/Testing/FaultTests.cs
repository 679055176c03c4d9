using System;
using System.Linq;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What the verifier refuses, seen when it happens: each program of <c>machine/faults.bpf.c</c> does one such thing.</summary>
public sealed class FaultTests
{
    private readonly BpfMachine _machine = new() { InstructionBudget = 10_000 };

    // A helper that the machine lacks, for the program that calls it.
    public FaultTests() => _machine.Helpers["bpf_fib_lookup"] = null;

    [Theory]
    [InlineData("behind_packet", BpfDiagnosticId.OutOfBounds, "packet", 100, "return data[100];")]
    [InlineData("before_packet", BpfDiagnosticId.OutOfBounds, "packet", -1, "return data[-1];")]
    [InlineData("null_value", BpfDiagnosticId.NullPointer, null, 0, "return value->more;")]
    [InlineData("behind_value", BpfDiagnosticId.OutOfBounds, "value of map 'values'", 16, "return value ? value[1].id : 0;")]
    [InlineData("submitted", BpfDiagnosticId.UseAfterRelease, "record of ring buffer 'events'", 8, "event->more = 2;")]
    [InlineData("kept", BpfDiagnosticId.UseAfterRelease, null, 0, null)]
    [InlineData("unwritten", BpfDiagnosticId.UninitialisedStack, "stack", -16, "return number[1];")]
    [InlineData("constant_written", BpfDiagnosticId.ReadOnlyMemory, "value of map 'faults.rodata'", 0, "*(volatile u64 *)&constant = 8;")]
    [InlineData("endless", BpfDiagnosticId.InstructionBudget, null, 0, null)]
    [InlineData("number_used", BpfDiagnosticId.BadPointer, null, 0, "return *(volatile u32 *)0x123456789abcULL;")]
    [InlineData("unknown_helper", BpfDiagnosticId.HelperNotSupplied, null, 0, "return fib_lookup(ctx, parameters, sizeof(parameters), 0);")]
    [InlineData("in_function", BpfDiagnosticId.OutOfBounds, "packet", 1000, "return data[1000];")]
    [InlineData("context_written", BpfDiagnosticId.ReadOnlyMemory, "context", 16, "ctx->rx_queue_index = 1;")]
    public void A_fault_says_what_where_and_in_which_memory(string name, BpfDiagnosticId id, string? region, long offset, string? line)
    {
        BpfMachineObject bpf = Load();
        bpf.Map("values").Set(BitConverter.GetBytes(2), new byte[16]);
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program(name).RunXdp(new byte[64]));
        Assert.Equal(id, fault.Id);
        Assert.Equal(name, fault.ProgramName);
        Assert.Equal(offset, fault.Offset);
        if (region is not null) Assert.Equal(region, fault.Region);
        if (line is not null) Assert.Equal(line, fault.Location.SourceText);
        Assert.Equal("./machine/faults.bpf.c", fault.Location.SourceFile);
        Assert.StartsWith($"{id.ToCode()}: Program '{name}' ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"\n  at faults.bpf.c:{fault.Location.SourceLine} in ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"instruction {fault.Instruction}: {fault.Disassembly}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_function_tells_who_called_it()
    {
        var fault = Assert.Throws<BpfMachineFault>(() => Load().Program("in_function").RunXdp(new byte[64]));
        Assert.Equal("inner", fault.Location.Symbol);
        BpfLocation caller = Assert.Single(fault.Callers);
        Assert.Equal(("in_function", "return inner((void *)(long)ctx->data);"), (caller.Symbol, caller.SourceText));
    }

    [Fact]
    public void A_missing_helper_can_be_supplied()
    {
        BpfMachineObject bpf = Load();
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program("unknown_helper").RunXdp(new byte[64]));
        Assert.Contains("machine.Helpers[\"bpf_fib_lookup\"] = call => …", fault.Finding.What, StringComparison.Ordinal);
        _machine.Helpers["bpf_fib_lookup"] = static call => call.Read(2, (int)call[3]).Length == 64 ? 5u : 0;
        Assert.Equal(5, bpf.Program("unknown_helper").RunXdp(new byte[64]).ReturnValue);
    }

    [Fact]
    public void What_a_supplied_body_throws_is_told_with_the_line_that_called_it()
    {
        BpfMachineObject bpf = Load();
        _machine.Helpers["bpf_fib_lookup"] = static _ => throw new FormatException("not so.\nAnd more.");
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program("unknown_helper").RunXdp(new byte[64]));
        Assert.Equal(BpfDiagnosticId.SuppliedBodyThrew, fault.Id);
        Assert.Equal("calls bpf_fib_lookup, and what the test supplied for it threw FormatException: not so", fault.Reason);
        Assert.Equal("return fib_lookup(ctx, parameters, sizeof(parameters), 0);", fault.Location.SourceText);
        Assert.IsType<FormatException>(fault.InnerException);

        // What the test means to be seen as it is stays so.
        _machine.Helpers["bpf_fib_lookup"] = static _ => throw new OperationCanceledException();
        Assert.Throws<OperationCanceledException>(() => bpf.Program("unknown_helper").RunXdp(new byte[64]));
    }

    [Fact]
    public void What_a_supplied_kernel_function_throws_is_told_as_well()
    {
        BpfMachineObject bpf = _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/iterators.bpf.o")));
        _machine.KernelFunctions["bpf_iter_bits_new"] = static _ => throw new FormatException("no bits");
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program("bits").Run(new BytesContext(new byte[8])));
        Assert.Equal((BpfDiagnosticId.SuppliedBodyThrew, "no bits"), (fault.Id, fault.InnerException!.Message));
    }

    [Fact]
    public void Unwritten_stack_is_zero_where_the_test_allows_it()
    {
        _machine.AllowUninitialisedStack = true;
        BpfRun run = Load().Program("unwritten").RunXdp(new byte[64]);
        Assert.InRange(run.Instructions, 1, 10);
    }

    [Fact]
    public void After_a_fault_the_machine_runs_on()
    {
        BpfMachineObject bpf = Load();
        Assert.Throws<BpfMachineFault>(() => bpf.Program("kept").RunXdp(new byte[64]));
        Assert.Throws<BpfMachineFault>(() => bpf.Program("kept").RunXdp(new byte[64]));
        Assert.Empty(bpf.Ring<long>("events"));
        Assert.Equal(0, bpf.Program("behind_value").RunXdp(new byte[64]).ReturnValue);
    }

    [Fact]
    public void Every_program_of_the_object_faults()
    {
        string[] tried = [.. typeof(FaultTests).GetMethod(nameof(A_fault_says_what_where_and_in_which_memory))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Select(static each => (string)((InlineDataAttribute)each).Data[0]!)];
        Assert.Equal(Load().Programs.Select(static program => program.Name).Order(StringComparer.Ordinal), tried.Order(StringComparer.Ordinal));
    }

    private BpfMachineObject Load() => _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/faults.bpf.o")));
}
