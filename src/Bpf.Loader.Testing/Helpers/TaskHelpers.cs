using System;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The current task.</summary>
internal static class TaskHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_get_current_pid_tgid"] = static call => ((ulong)ProcessId(call.Machine) << 32) | ThreadId(call.Machine);
        helpers["bpf_get_current_uid_gid"] = static call => ((ulong)call.Machine.Process.GroupId << 32) | call.Machine.Process.UserId;
        helpers["bpf_get_current_comm"] = static call =>
        {
            Span<byte> name = call.Write(1, (int)call[2]);
            name.Clear();
            BpfText.Write(NameOf(call.Machine, name.Length), name);
            return 0;
        };
        helpers["bpf_get_current_task"] = static call => call.Machine.CurrentTask().Address;
        helpers["bpf_get_current_task_btf"] = static call => call.Machine.CurrentTask().Address;
        helpers["bpf_get_ns_current_pid_tgid"] = static call =>
        {
            if (call[4] != 8) return unchecked((ulong)Error.Invalid);
            call.Write(3, (ProcessId(call.Machine), ThreadId(call.Machine)));
            return 0;
        };
        helpers["bpf_task_pt_regs"] = static call => call.Machine.UserRegisters?.AddressIn(call.Machine) ?? 0;
        helpers["bpf_send_signal"] = static call =>
        {
            call.Machine.Sent.Add((int)call[1]);
            return 0;
        };
        helpers["bpf_send_signal_thread"] = helpers["bpf_send_signal"];
    }

    private static uint ProcessId(BpfMachine machine) => machine.Current is { } task ? (uint)task.GetNumber("tgid") : (uint)machine.Process.ProcessId;

    private static uint ThreadId(BpfMachine machine)
    {
        if (machine.Current is not { } task) return (uint)(machine.Process.ThreadId ?? machine.Process.ProcessId);
        // A test that sets the process only means its first thread.
        uint thread = (uint)task.GetNumber("pid");
        return thread != 0 ? thread : (uint)task.GetNumber("tgid");
    }

    private static string NameOf(BpfMachine machine, int size)
    {
        string name = machine.Current is { } task && task.GetText("comm") is { Length: > 0 } comm ? comm : machine.Process.Name;
        return name.Length < size ? name : name[..Math.Max(size - 1, 0)];
    }
}
