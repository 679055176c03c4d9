using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>Which maps have their entries counted.</summary>
[SupportedOSPlatform("linux")]
internal static class MapEntries
{
    /// <summary>True for maps whose entries come and go and can be walked.</summary>
    public static bool AreCountable(BpfMap map) => map.Type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash
        or BpfMapType.LruPerCpuHash or BpfMapType.LpmTrie or BpfMapType.HashOfMaps;
}
