using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Elements of maps.</summary>
internal static class MapHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_map_lookup_elem"] = static call =>
        {
            BpfMachineMap map = call.Map(1);
            return map.Lookup(call.Read(2, map.KeySize), call.Machine.Cpu);
        };
        helpers["bpf_map_update_elem"] = static call =>
        {
            BpfMachineMap map = call.Map(1);
            return (ulong)map.Put(call.Read(2, map.KeySize), call.Read(3, map.ValueSize), call[4]);
        };
        helpers["bpf_map_delete_elem"] = static call =>
        {
            BpfMachineMap map = call.Map(1);
            return (ulong)map.Drop(call.Read(2, map.KeySize));
        };
        helpers["bpf_map_lookup_percpu_elem"] = static call =>
        {
            BpfMachineMap map = call.Map(1);
            return call[3] >= (ulong)call.Machine.CpuCount ? 0 : map.Lookup(call.Read(2, map.KeySize), (int)call[3]);
        };
        helpers["bpf_for_each_map_elem"] = static call => (ulong)ForEach(call);
    }

    // bpf_for_each_map_elem of kernel/bpf: the callback gets map, key, value and the caller's pointer.
    private static long ForEach(BpfCall call)
    {
        BpfMachineMap map = call.Map(1);
        if (call[4] != 0) return Error.Invalid;
        uint keyRegion = 0;
        long count = 0;
        byte[] key = Memory.MachineMemory.Allocate(map.KeySize);
        foreach (byte[] each in map.Keys)
        {
            ulong value = map.Lookup(each, call.Machine.Cpu);
            if (value == 0) continue;
            each.CopyTo(key, 0);
            if (keyRegion == 0) keyRegion = call.Memory.Add(Memory.RegionKind.MapValue, key, 0, key.Length, isWritable: false, map);
            count++;
            if ((uint)call.CallBack(2, map.Handle, call.Memory.AddressOf(keyRegion), value, call[3]) != 0) break;
        }

        if (keyRegion != 0) call.Memory.Free(keyRegion);
        return count;
    }
}
