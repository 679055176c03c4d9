using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Objects of a program's own types, their lists and trees, and loops; that the kernel returns the same is the kernel tests' to show.</summary>
public sealed class LocalObjectTests
{
    private readonly BpfMachine _machine = new();

    [Theory]
    [InlineData("list_order", 12430)]
    [InlineData("tree_order", 11121238)]
    [InlineData("pushed_twice", -2150)]
    [InlineData("list_and_tree", 660)]
    [InlineData("other_root", 17)]
    [InlineData("kept_in_map", 8)]
    [InlineData("numbers", 34567)]
    public void Programs_return_what_the_kernel_lets_them(string name, int expected)
    {
        BpfMachineProgram program = Load("objects").Program(name);
        Assert.Equal(expected, program.Run(new SkBuffContext(new byte[64])).ReturnValue);
        // Nothing is left of the first run.
        Assert.Equal(expected, program.Run(new SkBuffContext(new byte[64])).ReturnValue);
    }

    [Theory]
    [InlineData("ends", 1464)]
    [InlineData("tree_walk", 18791)]
    public void Lists_and_trees_are_looked_into(string name, int expected) =>
        Assert.Equal(expected, Load("objects_newest").Program(name).RunTc(new byte[64]).ReturnValue);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Each_cpu_has_an_object_of_its_own(int cpus)
    {
        var machine = new BpfMachine { CpuCount = cpus };
        BpfMachineObject bpf = machine.Load(BpfObjectFile.Open(TestData.PathOf("machine/objects_percpu.bpf.o")));
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            machine.Cpu = cpu;
            Assert.Equal(0, bpf.Program("counted").RunTc(new byte[64]).ReturnValue);
            if (cpu == 0) Assert.Equal(0, bpf.Program("counted").RunTc(new byte[64]).ReturnValue);
        }

        Assert.Equal((cpus + 1) * 1100, bpf.Program("sum").RunTc(new byte[64]).ReturnValue);
        Assert.Equal(2, bpf.Program("unused").RunTc(new byte[64]).ReturnValue);

        // An update lets go of what the element held.
        bpf.Map("slots").Set([1, 0, 0, 0], new byte[8]);
        Assert.Equal(-2, bpf.Program("sum").RunTc(new byte[64]).ReturnValue);
    }

    [Theory]
    [InlineData("percpu_touched", BpfDiagnosticId.BadPointer, "handle of 'plain'", "return *(volatile u64 *)&made->key;")]
    [InlineData("percpu_kept", BpfDiagnosticId.UseAfterRelease, null, null)]
    [InlineData("percpu_dropped_as_other", BpfDiagnosticId.BadHelperArgument, null, "bpf_obj_drop(made);")]
    [InlineData("percpu_with_node", BpfDiagnosticId.BadHelperArgument, null, null)]
    [InlineData("used_after_drop", BpfDiagnosticId.UseAfterRelease, "kernel object 'local_node'", "return *(volatile u64 *)&made->key;")]
    [InlineData("dropped_twice", BpfDiagnosticId.BadHelperArgument, null, "bpf_obj_drop(made);")]
    [InlineData("kept", BpfDiagnosticId.UseAfterRelease, null, null)]
    [InlineData("without_lock", BpfDiagnosticId.LockMisused, null, "return bpf_list_push_back(&list, &made->in_list);")]
    [InlineData("behind_object", BpfDiagnosticId.OutOfBounds, "kernel object 'plain'", "u64 more = *(volatile u64 *)(made + 1);")]
    [InlineData("no_references", BpfDiagnosticId.BadHelperArgument, null, "struct plain *again = bpf_refcount_acquire(made);")]
    [InlineData("dropped_in_list", BpfDiagnosticId.BadHelperArgument, null, "bpf_obj_drop(made);")]
    public void What_the_verifier_refuses_is_a_fault(string name, BpfDiagnosticId id, string? region, string? line)
    {
        BpfMachineObject bpf = Load("object_faults");
        var fault = Assert.Throws<BpfMachineFault>(() => bpf.Program(name).Run(new SkBuffContext(new byte[64])));
        Assert.Equal((id, region), (fault.Id, fault.Region));
        if (line is not null) Assert.Equal(line, fault.Location.SourceText);
    }

    [Fact]
    public void An_object_that_was_left_is_told_once()
    {
        BpfMachineObject bpf = Load("object_faults");
        Assert.Throws<BpfMachineFault>(() => bpf.Program("kept").Run(new SkBuffContext(new byte[64])));
        Assert.Equal(12430, Load("objects").Program("list_order").Run(new SkBuffContext(new byte[64])).ReturnValue);
    }

    [Fact]
    public void An_update_passes_over_pointers_and_cancels_timers()
    {
        BpfMachineMap slots = Load("objects").Map("slots");
        byte[] key = BitConverter.GetBytes(3), value = new byte[8];
        slots.Set(key, BitConverter.GetBytes(0x1234ul));
        Assert.True(slots.TryGet(key, value));
        Assert.Equal(0ul, BitConverter.ToUInt64(value));

        BpfMachineObject timers = _machine.Load(BpfObjectFile.Open(TestData.PathOf("maps_special.bpf.o")));
        timers.Program("start").RunTc(new byte[64]);
        BpfMachineMap map = timers.Map("timers");
        map.Set(new byte[4], new byte[map.ValueSize]);
        Assert.Equal(0, _machine.Advance(TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(3u, 0b101ul, 1ul << 63, 2191ul)]
    [InlineData(1u, 0b1001ul, ulong.MaxValue, 3ul)]
    [InlineData(0u, 1ul, 1ul, 0ul)]
    [InlineData(600u, 1ul, 1ul, 0ul)] // more than there may be
    [InlineData(7u, 1ul, 1ul, 0ul)] // more than the section of variables has
    public void Bits_are_gone_through(uint count, ulong first, ulong last, ulong expected)
    {
        BpfMachineObject bpf = Load("iterators");
        MemoryMarshal.Cast<byte, ulong>(bpf.GlobalBytes("words"))[0] = first;
        MemoryMarshal.Cast<byte, ulong>(bpf.GlobalBytes("words"))[2] = last;
        bpf.Global<ulong>("count") = count;
        bpf.Program("bits").Run(new BytesContext(new byte[8]));
        Assert.Equal(expected, bpf.Global<ulong>("found"));
    }

    [Theory]
    [InlineData(0u, 0, 1020ul)]
    [InlineData(1u, 0, 101120ul)]
    [InlineData(2u, 0, 1011ul)]
    [InlineData(9u, -22, 0ul)]
    public void Tasks_are_gone_through(uint flags, int error, ulong expected)
    {
        KernelObject thread = Task(11, 10);
        _machine.Current = Task(10, 10);
        _machine.Tasks.Add(thread);
        _machine.Tasks.Add(Task(20, 20));
        _machine.Tasks.Add(_machine.Current);
        BpfMachineObject bpf = Load("iterators");
        bpf.Global<ulong>("flags") = flags;
        Assert.Equal(error, bpf.Program("tasks").RunTracing(thread.Address).ReturnValue);
        Assert.Equal(expected, bpf.Global<ulong>("found"));
    }

    [Theory]
    [InlineData(2u, 0, 1, 1243ul)]
    [InlineData(3u, 0, 1, 4231ul)]
    [InlineData(4u, 0, 4, 421ul)]
    [InlineData(2u, 0, 3, 3ul)]
    [InlineData(1u, -22, 1, 0ul)]
    public void Cgroups_are_gone_through(uint flags, int error, int from, ulong expected)
    {
        // 1 has 2 and 3, and 2 has 4.
        KernelObject[] groups = new KernelObject[5];
        for (int i = 1; i < groups.Length; i++) groups[i] = _machine.Kernel.New("cgroup_subsys_state", css => css["id"] = i);
        groups[2]["parent"] = groups[3]["parent"] = groups[1];
        groups[4]["parent"] = groups[2];
        groups[1].SetList("children", "sibling", groups[2], groups[3]);
        groups[2].SetList("children", "sibling", groups[4]);
        groups[3].SetList("children", "sibling");
        groups[4].SetList("children", "sibling");
        BpfMachineObject bpf = Load("iterators");
        bpf.Global<ulong>("flags") = flags;
        Assert.Equal(error, bpf.Program("cgroups").RunTracing(groups[from].Address).ReturnValue);
        Assert.Equal(expected, bpf.Global<ulong>("found"));
    }

    private KernelObject Task(int thread, int process) => _machine.Kernel.New("task_struct", task =>
    {
        task["pid"] = thread;
        task["tgid"] = process;
    });

    private BpfMachineObject Load(string name) => _machine.Load(BpfObjectFile.Open(TestData.PathOf($"machine/{name}.bpf.o")));
}
