using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Iterators, callbacks of structures, exceptions, timers and rings of user space, with the objects of testdata.</summary>
public sealed class MachineHookTests
{
    private readonly BpfMachine _machine = new();

    [Fact]
    public void An_iterator_writes_for_each_element_and_is_told_the_end()
    {
        BpfMachineObject bpf = Load("hook_iter");
        KernelObject first = _machine.Kernel.New("task_struct", t => { t["pid"] = 10; t["tgid"] = 10; });
        KernelObject second = _machine.Kernel.New("task_struct", t => { t["pid"] = 11; t["tgid"] = 10; });
        byte[] written = Encoding.Latin1.GetBytes(bpf.Program("dump_task").RunIterator([first.Address], [second.Address]));
        Assert.Equal([10, 10, 11, 10], MemoryMarshal.Cast<byte, int>(written).ToArray());
    }

    [Fact]
    public void Callbacks_of_a_structure_run_by_their_names()
    {
        BpfMachineObject bpf = Load("hook_struct_ops");
        KernelObject socket = _machine.Kernel.New("sock");
        Assert.Equal(2, bpf.Program("mini_ssthresh").RunTracing(socket.Address).ReturnValue);
        bpf.Program("mini_cong_avoid").RunTracing(socket.Address, 1, 2);
        Assert.Equal(10, bpf.Program("mini_undo_cwnd").RunTracing(socket.Address).ReturnValue);
        Assert.Equal(2ul, bpf.Global<ulong>("calls"));
    }

    [Fact]
    public void A_struct_goes_into_a_system_call_and_back()
    {
        (ulong Left, ulong Right, ulong Sum) argument = (40, 2, 0);
        Assert.Equal(42, Load("hook_syscall").Program("add").RunSyscall(ref argument).ReturnValue);
        Assert.Equal(42ul, argument.Sum);
    }

    [Fact]
    public void Timers_run_when_their_time_comes()
    {
        BpfMachineObject bpf = Load("maps_special");
        bpf.Program("start").RunTc(new byte[64]);
        Assert.Equal(0ul, Fired(bpf));
        Assert.Equal(0, _machine.Advance(TimeSpan.FromTicks(5))); // 500 of 1000 ns
        Assert.Equal(1, _machine.Advance(TimeSpan.FromTicks(5)));
        Assert.Equal(1ul, Fired(bpf));
        Assert.Equal(0, _machine.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_tail_call_goes_where_the_test_says()
    {
        BpfMachineObject bpf = Load("maps_prog_array");
        int before = bpf.Program("entry").RunXdpOrTc().ReturnValue;
        foreach (uint index in (uint[])[0, 3]) Set(index, null);
        int without = bpf.Program("entry").RunXdpOrTc().ReturnValue;
        Assert.NotEqual(before, without);
        Set(0, bpf.Program("tail_zero"));
        Set(3, bpf.Program("tail_three"));
        Assert.Equal(before, bpf.Program("entry").RunXdpOrTc().ReturnValue);

        void Set(uint index, BpfMachineProgram? program)
        {
            foreach (BpfMachineMap map in bpf.Maps)
            {
                if (map.Type == BpfMapType.ProgArray && index < map.MaxEntries) bpf.SetTailCall(map.Name, index, program);
            }
        }
    }

    [Fact]
    public void Programs_drain_what_the_test_writes_into_their_ring()
    {
        BpfMachineObject bpf = Load("maps_user_ringbuf");
        string ring = "";
        foreach (BpfMachineMap map in bpf.Maps)
        {
            if (map.Type == BpfMapType.UserRingBuf) ring = map.Name;
        }

        bpf.WriteUserRing(ring, new byte[16]);
        bpf.WriteUserRing(ring, new byte[16]);
        bpf.Program("drain").RunXdpOrTc();
        Assert.Equal(0, bpf.Map(ring).Count);
        Assert.Throws<ArgumentException>(() => bpf.WriteUserRing(".bss", new byte[1]));
    }

    [Fact]
    public void Steps_are_told_with_their_lines()
    {
        BpfMachineObject bpf = Load("hook_syscall");
        var text = new StringBuilder();
        ulong result = 0;
        _machine.Tracer = step =>
        {
            text.Append(step.Instruction).Append(' ').Append(step.Function).Append(' ').Append(step.Disassembly).Append('\n');
            result = step.Registers[0];
        };
        (ulong Left, ulong Right, ulong Sum) argument = (1, 2, 0);
        bpf.Program("add").RunSyscall(ref argument);
        Assert.StartsWith("0 add ", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("exit\n", text.ToString(), StringComparison.Ordinal);
        Assert.Equal((3ul, 42ul), (argument.Sum, result));
    }

    private static ulong Fired(BpfMachineObject bpf)
    {
        byte[] value = new byte[bpf.Map("timers").ValueSize];
        Assert.True(bpf.Map("timers").TryGet(new byte[4], value));
        return BitConverter.ToUInt64(value, 16);
    }

    private BpfMachineObject Load(string name) => _machine.Load(BpfObjectFile.Open(TestData.PathOf(name + ".bpf.o")));
}
