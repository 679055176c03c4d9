using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    private KernelObject? _madeTask;

    /// <summary>The registers of the current task in user space, for <c>bpf_task_pt_regs</c>; null for none.</summary>
    public RegisterContext? UserRegisters { get; set; }

    /// <summary>The signals that programs sent, in their order.</summary>
    public IReadOnlyList<int> SentSignals => Sent;

    internal List<int> Sent { get; } = [];

    internal BpfRedirect? Redirected { get; set; }

    /// <summary>The tasks that programs find by their numbers; the current one is found in any case.</summary>
    public IList<KernelObject> Tasks { get; } = new List<KernelObject>();

    internal KernelObject? FindTask(int id)
    {
        foreach (KernelObject task in AllTasks())
        {
            if ((int)task.GetNumber("pid") == id) return task;
        }

        return null;
    }

    internal List<KernelObject> AllTasks()
    {
        KernelObject current = CurrentTask();
        return [current, .. Tasks.Where(task => task != current)];
    }

    /// <summary>The current task as an object; made of <see cref="Process"/> when the test has none.</summary>
    internal KernelObject CurrentTask() => Current ?? (_madeTask ??= Kernel.New("task_struct", task =>
    {
        task["tgid"] = (uint)Process.ProcessId;
        task["pid"] = (uint)(Process.ThreadId ?? Process.ProcessId);
        task["comm"] = Process.Name;
    }));
}
