using System;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Timers, and what their callbacks may not do.</summary>
public sealed class TimerTests
{
    private const int Initialise = 169, SetCallback = 170, Start = 171, Cancel = 172;

    private readonly BpfMachine _machine = new();
    private readonly ArrayMap _map;

    public TimerTests() => _map = new ArrayMap(_machine, new BpfMapDefinition("timers", BpfMapKind.User) { Type = BpfMapType.Array, KeySize = 4, ValueSize = 24, MaxEntries = 1 });

    [Fact]
    public void A_timer_that_starts_itself_for_the_same_time_is_a_fault()
    {
        Begin(code => code.Move(R1, R3).Move(R2, 0).Move(R3, 0).CallHelper(Start));
        var fault = Assert.Throws<BpfMachineFault>(() => _machine.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(BpfDiagnosticId.InstructionBudget, fault.Id);
        Assert.Contains("again and again", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timer_that_starts_itself_runs_as_often_as_there_is_time()
    {
        Begin(code => code.Move(R1, R3).Move(R2, 1000).Move(R3, 0).CallHelper(Start));
        Assert.Equal(1000, _machine.Advance(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_callback_cannot_cancel_its_own_timer()
    {
        Begin(code => code.Move(R6, R3).Move(R1, R3).CallHelper(Cancel).Store(BpfAccessSize.DoubleWord, R6, 16, R0));
        Assert.Equal(1, _machine.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(-35, BitConverter.ToInt64(_map.At(0)[16..]));
    }

    [Fact]
    public void Time_does_not_go_back() => Assert.Throws<ArgumentOutOfRangeException>(() => _machine.Advance(TimeSpan.FromTicks(-1)));

    /// <summary>Starts a timer for 1 ns with a callback of some instructions, which gets the value in R3.</summary>
    private void Begin(Action<BpfAssembler> body)
    {
        BpfAssembler code = new BpfAssembler().Move(R6, R1).Load(BpfAccessSize.DoubleWord, R7, R6, 0).Load(BpfAccessSize.DoubleWord, R2, R6, 8)
            .Move(R1, R7).Move(R3, 1).CallHelper(Initialise);
        code.LoadFunction(R2, "callback").Move(R1, R7).CallHelper(SetCallback)
            .Move(R1, R7).Move(R2, 1).Move(R3, 0).CallHelper(Start).Exit().Label("callback");
        body(code);
        code.Move(R0, 0).Exit();
        var context = new BytesContext(new byte[16]);
        BitConverter.TryWriteBytes(context.Bytes, _map.AddressOf(0));
        BitConverter.TryWriteBytes(context.Bytes[8..], _map.Handle);
        context.Enter(_machine);
        Assert.Equal(0ul, _machine.Executor.Run(new MachineCode("program", code.ToArray(), null, _machine.Memory), context, out _));
    }
}
