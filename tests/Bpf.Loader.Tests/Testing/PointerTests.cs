using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Kernel;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What a null pointer gives: 0 where the kernel knows that it is one to a kernel object, and a fault everywhere else.</summary>
public sealed class PointerTests
{
    private readonly BpfMachine _machine = new();

    [Theory]
    [InlineData("kernel_null", 7)]
    [InlineData("current_null", 5)]
    [InlineData("in_function", 3)]
    public void A_null_pointer_to_a_kernel_object_reads_as_zero(string program, ulong expected)
    {
        BpfMachineObject bpf = Load();
        KernelObject task = _machine.Kernel.New("task_struct");
        _machine.Current = task;
        bpf.Program(program).RunTracing(task.Address);
        Assert.Equal(expected, bpf.Global<ulong>("found"));
    }

    [Fact]
    public void What_is_there_is_read()
    {
        BpfMachineObject bpf = Load();
        KernelObject grandparent = _machine.Kernel.New("task_struct", t => t["tgid"] = 30);
        KernelObject parent = _machine.Kernel.New("task_struct", t => { t["real_parent"] = grandparent; t["tgid"] = 20; });
        KernelObject task = _machine.Kernel.New("task_struct", t => { t["real_parent"] = parent; t["mm"] = _machine.Kernel.New("mm_struct", m => m["arg_start"] = 1000); });
        bpf.Program("kernel_null").RunTracing(task.Address);
        Assert.Equal(1037ul, bpf.Global<ulong>("found"));
        bpf.Program("in_function").RunTracing(task.Address);
        Assert.Equal(23ul, bpf.Global<ulong>("found"));
    }

    [Theory]
    [InlineData("value_null")]
    [InlineData("untyped_null")]
    public void Other_null_pointers_are_faults(string program)
    {
        var fault = Assert.Throws<BpfMachineFault>(() => Load().Program(program).RunTracing(0));
        Assert.Equal(BpfDiagnosticId.NullPointer, fault.Id);
    }

    [Fact]
    public void Pointers_are_followed_through_indirect_jumps()
    {
        const int Current = 158; // bpf_get_current_task_btf
        BpfAssembler assembler = new BpfAssembler().CallHelper(Current).Move(R6, R0).Move(R7, 8).LoadMapValue(R9, 0, 0).Load(BpfAccessSize.DoubleWord, R9, R9, 0)
            .Add(new BpfInstruction(BpfOpCode.GotoRegister, (int)R9, 0, 0, 0));
        int place = assembler.Count;
        var code = new MachineCode("program", assembler.Load(BpfAccessSize.DoubleWord, R1, R6, 0).Load(BpfAccessSize.DoubleWord, R1, R7, 0).Exit().ToArray(), null, _machine.Memory);
        CodeReferences.MakeJumpTable(_machine.Memory, code, [place]);
        foreach (BpfProgramType type in (BpfProgramType[])[BpfProgramType.RawTracepoint, BpfProgramType.Tracing])
        {
            var origins = new PointerOrigins(code, type);
            Assert.Equal((true, false), (origins.IsKernelPointer(place), origins.IsKernelPointer(place + 1)));
        }
    }

    private BpfMachineObject Load() => _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/pointers.bpf.o")));
}
