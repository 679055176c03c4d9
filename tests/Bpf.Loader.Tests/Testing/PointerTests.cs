using Bpf.Loader.Testing;
using Xunit;

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

    private BpfMachineObject Load() => _machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/pointers.bpf.o")));
}
