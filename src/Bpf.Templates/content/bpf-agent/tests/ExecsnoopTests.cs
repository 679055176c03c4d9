using Xunit;
using static BpfAgent.Execsnoop;

namespace BpfAgent.Tests;

// The program of execsnoop.bpf.c in a machine in user space: no root, no kernel, any OS.
public class ExecsnoopTests
{
    private readonly BpfMachine _machine = new() { Process = new MachineProcess { UserId = 1000 } };

    public ExecsnoopTests()
    {
        KernelObject parent = _machine.Kernel.New("task_struct", task => task["tgid"] = 41);
        _machine.Current = _machine.Kernel.New("task_struct", task =>
        {
            task["tgid"] = 42;
            task["comm"] = "ls";
            task["real_parent"] = parent;
        });
    }

    [Fact]
    public void A_process_that_starts_is_told_with_its_parent()
    {
        BpfMachineObject bpf = _machine.Load(OpenFile());

        bpf.Program("handle_exec").RunTracepoint("sched", "sched_process_exec", started => started["filename"] = "/bin/ls");

        ExecEvent told = Assert.Single(bpf.Ring<ExecEvent>("events"));
        Assert.Equal(42u, told.Pid);
        Assert.Equal(41u, told.ParentPid);
        Assert.Equal("ls", told.Comm.ToString());
        Assert.Equal("/bin/ls", told.Filename.ToString());
    }

    [Fact]
    public void Processes_of_other_users_are_not_told()
    {
        Description file = Open();
        file.Rodata.OnlyUid = 1001;
        BpfMachineObject bpf = _machine.Load(file.File);

        bpf.Program("handle_exec").RunTracepoint("sched", "sched_process_exec");

        Assert.Empty(bpf.Ring<ExecEvent>("events"));
    }

    [Fact]
    public void What_finds_no_room_is_counted()
    {
        BpfMachineObject bpf = _machine.Load(OpenFile());
        var started = new TracepointContext(_machine, "sched", "sched_process_exec");

        for (int i = 0; i < 10_000; i++) bpf.Program("handle_exec").Execute(started);

        Assert.Equal(10_000ul, (ulong)bpf.Ring<ExecEvent>("events").Count + bpf.Global<ulong>("dropped"));
        Assert.NotEqual(0ul, bpf.Global<ulong>("dropped"));
    }
}
