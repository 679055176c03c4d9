using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Storage of tasks, sockets, inodes and cgroups.</summary>
internal static class StorageHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        foreach (string owner in (string[])["task", "sk", "inode", "cgrp"])
        {
            helpers[$"bpf_{owner}_storage_get"] = static call =>
            {
                StorageMap map = call.Map<StorageMap>(1);
                // BPF_LOCAL_STORAGE_GET_F_CREATE; the third argument is what a new value holds.
                if (call[2] == 0 || call[4] > 1) return 0;
                bool create = call[4] == 1;
                return map.AddressOf(call[2], create, create && call[3] != 0 ? call.Read(3, map.ValueSize) : default);
            };
            helpers[$"bpf_{owner}_storage_delete"] = static call =>
                call[2] == 0 ? unchecked((ulong)Error.Invalid) : call.Map<StorageMap>(1).Remove(call[2]) ? 0 : unchecked((ulong)Error.NoEntry);
        }

        helpers["bpf_get_local_storage"] = static call => call.Map<CgroupStorageMap>(1).Local(call.Machine.Cpu);
        helpers["bpf_kptr_xchg"] = static call =>
        {
            ulong before = call.Read<ulong>(1);
            call.Write(1, call[2]);
            LocalObjects objects = call.Machine.Objects;
            if (objects.Find(call[2]) is not null) objects.Held--;
            if (objects.Find(before) is not null) objects.Held++;
            return before;
        };
        helpers["bpf_per_cpu_ptr"] = static call => call[2] < (ulong)call.Machine.CpuCount ? OfCpu(call, (int)call[2]) : 0;
        helpers["bpf_this_cpu_ptr"] = static call => OfCpu(call, call.Machine.Cpu);
    }

    private static ulong OfCpu(BpfCall call, int cpu)
    {
        return call.Memory.Find(call[1], out long offset) switch
        {
            { Kind: RegionKind.Kernel, Owner: KernelObject { Variable: { } variable } } => variable[cpu].Address + (ulong)offset,
            { Kind: RegionKind.Handle, Owner: LocalObject { IsPerCpu: true } copies } => copies.Addresses[cpu + 1] + (ulong)offset,
            _ => throw call.Refuse("argument 1 is no per-CPU variable"),
        };
    }
}
