using System;
using System.Text;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Cgroups, and what programs of cgroups decide.</summary>
internal static class CgroupHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_get_current_cgroup_id"] = static call => call.Machine.Process.CgroupId;
        helpers["bpf_get_current_ancestor_cgroup_id"] = static call => call.Machine.Cgroups.AncestorOf(call.Machine.Process.CgroupId, (int)call[1]);
        helpers["bpf_skb_cgroup_id"] = static call => call.Context is SkBuffContext skb ? CgroupOf(skb) : 0;
        helpers["bpf_skb_ancestor_cgroup_id"] = static call => call.Context is SkBuffContext skb ? call.Machine.Cgroups.AncestorOf(CgroupOf(skb), (int)call[2]) : 0;
        helpers["bpf_skb_cgroup_classid"] = static _ => 0;
        helpers["bpf_get_cgroup_classid"] = static _ => 0;
        helpers["bpf_skb_under_cgroup"] = static call => IsUnder(call, 2, (uint)call[3], call.Context is SkBuffContext skb ? CgroupOf(skb) : 0);
        helpers["bpf_current_task_under_cgroup"] = static call => IsUnder(call, 1, (uint)call[2], call.Machine.Process.CgroupId);
        helpers["bpf_get_retval"] = static call => unchecked((ulong)(long)call.Machine.HookResult);
        helpers["bpf_set_retval"] = static call =>
        {
            if ((int)call[1] is < -4095 or > 0 && call.Context is not CgroupSocketOptionContext) return unchecked((ulong)Error.Invalid);
            call.Machine.HookResult = (int)call[1];
            return 0;
        };
        AddSysctl(helpers);
    }

    // The elements of a cgroup array are ids of cgroups here, where user space has descriptors.
    private static ulong IsUnder(BpfCall call, int argument, uint index, ulong cgroup)
    {
        RedirectMap map = call.Map<RedirectMap>(argument);
        byte[] id = new byte[map.ValueSize];
        if (index >= map.MaxEntries) return unchecked((ulong)Error.TooBig);
        if (!map.TryRead(BitConverter.GetBytes(index), 0, id)) return unchecked((ulong)Error.TryAgain);
        return call.Machine.Cgroups.IsUnder(cgroup, BitConverter.ToUInt32(id)) ? 1u : 0u;
    }

    private static ulong CgroupOf(SkBuffContext skb) => skb.CgroupId != 0 ? skb.CgroupId : skb.Socket?.CgroupId ?? 0;

    private static void AddSysctl(BpfHelperTable helpers)
    {
        helpers["bpf_sysctl_get_name"] = static call =>
        {
            var sysctl = call.ContextOf<SysctlContext>();
            // BPF_F_SYSCTL_BASE_NAME.
            return Put(call, call[4] == 1 ? sysctl.SettingName[(sysctl.SettingName.LastIndexOf('/') + 1)..] : sysctl.SettingName);
        };
        helpers["bpf_sysctl_get_current_value"] = static call => Put(call, call.ContextOf<SysctlContext>().CurrentValue);
        helpers["bpf_sysctl_get_new_value"] = static call => call.ContextOf<SysctlContext>().NewValue is { } value ? Put(call, value) : unchecked((ulong)Error.Invalid);
        helpers["bpf_sysctl_set_new_value"] = static call =>
        {
            var sysctl = call.ContextOf<SysctlContext>();
            if (sysctl.NewValue is null) return unchecked((ulong)Error.Invalid);
            sysctl.NewValue = PrintHelpers.TextOf(call.Read(2, (int)call[3]));
            return 0;
        };
    }

    // copy_sysctl_value: the length, or -E2BIG and what fits.
    private static ulong Put(BpfCall call, string text)
    {
        Span<byte> target = call.Write(2, (int)call[3]);
        target.Clear();
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (target.IsEmpty) return unchecked((ulong)Error.Invalid);
        bytes.AsSpan(0, Math.Min(bytes.Length, target.Length - 1)).CopyTo(target);
        return bytes.Length < target.Length ? (ulong)bytes.Length : unchecked((ulong)Error.TooBig);
    }
}
