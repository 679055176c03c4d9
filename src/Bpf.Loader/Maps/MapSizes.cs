using System;

namespace Bpf.Loader.Maps;

/// <summary>The sizes of a map that follow from its type: what a definition leaves out is no choice that the kernel would take otherwise.</summary>
/// <remarks>The numbers are those that the kernel checks in the <c>map_alloc_check</c> of each type, below <c>kernel/bpf</c> and in <c>net</c>.</remarks>
internal static class MapSizes
{
    private const uint Number = sizeof(uint);
    private const uint InstructionPlace = 16; // struct bpf_insn_array_value

    /// <summary>The size of keys that were given as 0; 0 when the type takes several, or none.</summary>
    public static uint Key(BpfMapType type) => type switch
    {
        BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray
            or BpfMapType.ArrayOfMaps or BpfMapType.StackTrace or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap
            or BpfMapType.XskMap or BpfMapType.SockMap or BpfMapType.ReusePortSockArray or BpfMapType.StructOps or BpfMapType.InsnArray
            or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage => Number,
        _ => 0,
    };

    /// <summary>
    /// The size of values that were given as 0; 0 when that is for the map to say. Those that take 4 or 8 bytes get 4: with 8, a value
    /// also holds a program, or comes out as a cookie, which is to be asked for.
    /// </summary>
    public static uint Value(BpfMapType type) => type switch
    {
        BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps
            or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap
            or BpfMapType.SockHash or BpfMapType.ReusePortSockArray => Number,
        BpfMapType.InsnArray => InstructionPlace,
        _ => 0,
    };

    /// <summary>How many entries there are where 0 were given; the CPUs are counted for those maps alone that have one for each.</summary>
    public static uint Entries(BpfMapType type, Func<int> countCpus) => type == BpfMapType.PerfEventArray ? (uint)countCpus() : 0;
}
