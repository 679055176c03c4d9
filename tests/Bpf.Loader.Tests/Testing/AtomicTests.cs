using System;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Atomic operations read before they write, and are looked at for both.</summary>
public sealed class AtomicTests
{
    private readonly BpfMachine _machine = new();

    [Fact]
    public void What_was_not_written_cannot_be_added_to()
    {
        var fault = Assert.Throws<BpfMachineFault>(() => Run(new BpfAssembler().Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R10, -8, R1).Exit(), 0));
        Assert.Equal(BpfDiagnosticId.UninitialisedStack, fault.Id);
        Assert.Equal(3ul, Run(
            new BpfAssembler().Move(R1, 1).Store(BpfAccessSize.DoubleWord, R10, -8, 2).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R10, -8, R1)
                .Load(BpfAccessSize.DoubleWord, R0, R10, -8).Exit(), 0));
    }

    [Fact]
    public void Pages_that_an_arena_does_not_have_are_passed_over()
    {
        var arena = new ArenaMap(_machine, new BpfMapDefinition("arena", BpfMapKind.User) { Type = BpfMapType.Arena, MaxEntries = 2 });
        BpfAssembler add = new BpfAssembler().Load(BpfAccessSize.DoubleWord, R1, R1, 0).Move(R0, 7).Atomic(BpfAtomicOperation.FetchAdd, BpfAccessSize.DoubleWord, R1, 0, R0).Exit();
        Assert.Equal(7ul, Run(add, arena.Address));
        Assert.Equal(0, arena.Bytes[0]);
        Assert.Equal(arena.Address, arena.Allocate(0, 1));
        Assert.Equal(0ul, Run(add, arena.Address));
        Assert.Equal(7, arena.Bytes[0]);
    }

    private ulong Run(BpfAssembler code, ulong argument)
    {
        var context = new BytesContext(BitConverter.GetBytes(argument));
        context.Enter(_machine);
        return _machine.Executor.Run(new MachineCode("program", code.ToArray(), null, _machine.Memory), context, out _);
    }
}
